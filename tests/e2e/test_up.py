"""`helpnest up` as a person runs it: ports, signals, memory, kill -9."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpnest.supergraph import domains
from tests.support.house import House
from tests.support.processes import (
    HelpNest,
    children,
    lives,
    send,
    wait_until,
    worked,
)

READY_WITHIN = 6  # times the work of loading its libraries; half as much is usual
LIBRARIES = (
    "import asyncpg, fastapi, httpx, pydantic, sqlalchemy, strawberry.federation"
)
MEMORY = 200  # MB

OPEN = """
mutation Open($in: CreateTicketInput!) {
  createTicket(input: $in) { userErrors { message } ticket { number } }
}
"""
FIRST = """
query First($number: String!) {
  ticket(number: $number) {
    title assignee { name department { name head { name } } }
  }
}
"""
WHOLE = {
    "ticket": {
        "title": "Printer on fire",
        "assignee": {
            "name": "Cem Example",
            "department": {"name": "It", "head": {"name": "Ben Example"}},
        },
    }
}


@pytest.fixture(scope="module")
def home() -> Generator[Path]:
    """One folder for the whole module: the first start makes it, the rest find it."""
    made = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def settled(home: Path) -> tuple[HelpNest, House]:
    """HelpNest after its first start and stop, with people in it."""
    nest = HelpNest(home)
    try:
        nest.up()
        house = nest.settle()
        assert nest.stop() == 0
    finally:
        nest.end()
    return nest, house


@pytest.fixture
def nest(settled: tuple[HelpNest, House]) -> Generator[HelpNest]:
    """HelpNest, not running yet, and not any more afterwards."""
    nest, _ = settled
    nest.separate = False
    yield nest
    nest.end()


def loading() -> float:
    """Say how many seconds of a processor it takes, on this machine at this moment."""
    before = os.times()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)  # noqa: S603 - our own words
    after = os.times()
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def ticket_for(house: House, **more: Any) -> dict[str, Any]:
    people = house.people
    wanted = {"requesterId": people["dot"], "assigneeId": people["cem"]}
    return {"type": "INCIDENT", "title": "Printer on fire", **wanted, **more}


def open_ticket(client: httpx.Client, house: House) -> str:
    answer = send(client, OPEN, {"in": ticket_for(house)})
    assert "errors" not in answer, answer
    payload = answer["data"]["createTicket"]
    assert payload["userErrors"] == []
    return payload["ticket"]["number"]


def test_a_second_start_is_soon_ready_small_and_answers_the_first_query(
    nest: HelpNest, settled: tuple[HelpNest, House]
) -> None:
    nest.up()
    assert nest.process is not None
    assert worked(nest.process.pid) < READY_WITHIN * loading()
    with nest.client() as client:
        number = open_ticket(client, settled[1])
        assert send(client, FIRST, {"number": number}) == {"data": WHOLE}
    rollup = Path(f"/proc/{nest.process.pid}/smaps_rollup")
    if rollup.exists():
        rss = next(ln for ln in rollup.read_text().splitlines() if "Rss:" in ln)
        assert int(rss.split()[1]) // 1024 < MEMORY


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(nest: HelpNest, how: signal.Signals) -> None:
    nest.up()
    assert nest.stop(how) == 0
    assert "Stopped." in nest.log.read_text()


def test_a_second_up_on_the_same_data_is_told_who_has_it(nest: HelpNest) -> None:
    nest.up()
    assert nest.process is not None
    other = subprocess.run(
        [sys.executable, "-m", "helpnest", "up", "--port", "0"],
        env=nest.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert other.returncode == 1
    assert "HelpNest already runs on the data folder" in other.stderr
    assert f"(process {nest.process.pid})" in other.stderr


def test_nothing_acknowledged_is_lost_when_everything_is_killed(
    nest: HelpNest, settled: tuple[HelpNest, House]
) -> None:
    nest.up()
    assert nest.process is not None
    acknowledged: list[str] = []
    with nest.client() as client:

        def write() -> None:
            try:
                while True:
                    acknowledged.append(open_ticket(client, settled[1]))
            except (httpx.HTTPError, ValueError):
                return

        writer = threading.Thread(target=write)
        writer.start()
        wait_until(lambda: len(acknowledged) >= 50, "fifty tickets were opened")
        nest.stop(signal.SIGKILL)
        writer.join()

    nest.up()
    with nest.client() as client:
        for number in acknowledged:
            assert send(client, FIRST, {"number": number}) == {"data": WHOLE}


def test_a_killed_postgresql_is_started_again(
    nest: HelpNest, settled: tuple[HelpNest, House]
) -> None:
    nest.up()
    with nest.client() as client:
        number = open_ticket(client, settled[1])
        os.kill(nest.server_pid(), signal.SIGKILL)
        wait_until(
            lambda: send(client, FIRST, {"number": number}) == {"data": WHOLE},
            "the tickets were back",
        )
        open_ticket(client, settled[1])


def test_a_killed_subgraph_costs_its_fields_until_it_is_back(
    nest: HelpNest, settled: tuple[HelpNest, House]
) -> None:
    nest.separate = True
    nest.up()
    assert nest.process is not None
    parts = children(nest.process.pid)
    assert set(parts) == {*domains(), "router"}
    with nest.client() as client:
        number = open_ticket(client, settled[1])
        assert send(client, FIRST, {"number": number}) == {"data": WHOLE}

        os.kill(parts["users"], signal.SIGKILL)
        answer = send(client, FIRST, {"number": number})

        ticket = {"title": "Printer on fire", "assignee": None}
        assert answer["data"] == {"ticket": ticket}
        (error,) = answer["errors"]
        assert error["path"] == ["ticket", "assignee"]
        assert error["extensions"]["service"] == "users"

        wait_until(
            lambda: send(client, FIRST, {"number": number}) == {"data": WHOLE},
            "the people were back",
        )

    nest.stop(signal.SIGKILL)
    for pid in [*parts.values()]:
        wait_until(lambda pid=pid: not lives(pid), "every part had ended")
