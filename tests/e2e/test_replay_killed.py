"""kill -9 while a log is fed: nothing acknowledged is lost, nothing happens twice.

The whole of HelpNest and its PostgreSQL are killed in turn. All the while groups come
to be, of which tickets keep a copy, and a follower with a database of its own listens.
``HELPNEST_KILLS=10`` kills ten times, in the midst of a real log where there is one; by
default it is twice, in the midst of a small log that is made here.
"""

import asyncio
import csv
import os
import shutil
import signal
import tempfile
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from helpnest.replay.client import Credentials, Post, UnreachableError, posting
from helpnest.replay.run import Options, replay
from helpnest.replay.servicenow import COLUMNS
from helpnest.replay.summary import Summary
from kit.database import Database, naming_metadata
from kit.outbox import cursor_table
from kit.outbox.follower import Follower, Told, following
from kit.own_graph import OwnGraph
from kit.public_graph import PublicGraph
from kit.settings import environment
from tests.e2e.test_replay import INCIDENTS, key_of, life_in_log, life_of
from tests.support.acknowledged import Acknowledged
from tests.support.processes import SECRET, HelpNest
from tests.support.streams import until
from tests.support.teams import Teams

KILLS = int(environment().get("HELPNEST_KILLS", "2"))
REAL_ROWS = 2_000
CASES = 15

TICKETS = """
query Replayed($after: String) {
  tickets(first: 8, after: $after, orderBy: [{field: NUMBER}]) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id tags priority impact urgency priorityOverridden reassignmentCount reopenCount
      holdReason status { key } version
      history(first: 100) { totalCount nodes { seq kind field before after } }
    }
  }
}
"""

pytestmark = pytest.mark.timeout(300 + 120 * KILLS)


def made_rows() -> list[dict[str, str]]:
    """Make up a log: each case is opened, taken, put on hold and resolved."""
    steps = [
        ("New", "?", "?"),
        ("Active", "Group 1", "?"),
        ("Active", "Group 2", "Resolver 1"),
        ("Awaiting User Info", "Group 2", "Resolver 1"),
        ("Resolved", "Group 2", "Resolver 1"),
    ]
    rows: list[dict[str, str]] = []
    for n in range(CASES):
        for hour, (state, group, assignee) in enumerate(steps):
            row = dict.fromkeys(COLUMNS, "?")
            row |= {
                "number": f"INC{n:07d}",
                "incident_state": state,
                "caller_id": f"Caller {n % 3}",
                "opened_by": "Opened by 1",
                "opened_at": "29-02-2016 01:00",
                "sys_updated_by": "Updated by 1",
                "sys_updated_at": f"29-02-2016 0{hour + 1}:00",
                "contact_type": "Phone",
                "impact": "2 - Medium",
                "urgency": "2 - Medium",
                "priority": "3 - Moderate",
                "assignment_group": group,
                "assigned_to": assignee,
                "closed_code": "code 1",
                "reopen_count": "0",
            }
            rows.append(row)
    return rows


def rows_of_log() -> list[dict[str, str]]:
    """Take a part of the real log where many kills are wanted and it is there."""
    if "HELPNEST_KILLS" not in environment() or not INCIDENTS.exists():
        return made_rows()
    with INCIDENTS.open(newline="") as file:
        return list(csv.DictReader(file))[:REAL_ROWS]


@dataclass
class Listener:
    """A consumer with a database of its own: what it hears twice is there twice."""

    database: Database

    def follower(self, nest: HelpNest, http: httpx.AsyncClient) -> Follower:
        """Follow tickets as a program outside would."""
        graph = OwnGraph(
            PublicGraph(http, f"{nest.url}/graphql"),
            f"{nest.url}/auth/token",
            nest.client_id,
            SECRET,
        )
        return Follower(
            "tests.listener",
            "ticketEventFeed",
            graph,
            self.database,
            cursors=cursor_table(naming_metadata()),
            apply=self.apply,
            batch=20,
        )

    @staticmethod
    async def apply(session: AsyncSession, events: Sequence[Told]) -> None:
        """Write down what was heard."""
        for event in events:
            await session.execute(
                text("INSERT INTO heard (entity, seq) VALUES (:entity, :seq)"),
                {"entity": event.entity_id, "seq": event.seq},
            )

    async def heard(self) -> dict[str, list[int]]:
        """Give what was heard of each ticket, in its order."""
        found: dict[str, list[int]] = defaultdict(list)
        async with self.database.unit_of_work() as session:
            rows = await session.execute(text("SELECT * FROM heard ORDER BY n"))
            for row in rows:
                found[row.entity].append(row.seq)
        return dict(found)


@pytest.fixture
async def listener(
    empty_database_url: Callable[[str], str],
) -> AsyncGenerator[Listener]:
    metadata = naming_metadata()
    cursor_table(metadata)
    async with Database(empty_database_url("groups")) as database:
        async with database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            await connection.execute(
                text("CREATE TABLE heard (n serial, entity text, seq int)")
            )
        yield Listener(database)


@pytest.fixture
def nest() -> Generator[HelpNest]:
    home = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    made = HelpNest(home)
    try:
        made.up()
        made.settle()
        yield made
    finally:
        made.end()
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def listening(nest: HelpNest, listener: Listener) -> AsyncGenerator[Follower]:
    """Follow tickets while they come."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=5.0))
        follower = listener.follower(nest, http)
        await stack.enter_async_context(following(follower))
        yield follower


async def kill_again_and_again(
    nest: HelpNest, acknowledged: Acknowledged, events: int
) -> int:
    """Kill the process and the database in turn, each time some events later."""
    killed = 0
    for n in range(KILLS):
        due = (n + 1) * events // (2 * KILLS + 2)  # not every event needs a command
        while len(acknowledged.keys) < due:  # noqa: ASYNC110 - another task adds them
            await asyncio.sleep(0.01)
        if n % 2 == 0:
            await asyncio.to_thread(nest.stop, signal.SIGKILL)
            await asyncio.to_thread(nest.up)
        else:
            os.kill(nest.server_pid(), signal.SIGKILL)
        killed += 1
    return killed


async def fed(options: Options, post: Post) -> Summary:
    """Feed the log, again where the graph was away for longer than is waited."""
    quiet = Progress(console=Console(quiet=True))
    while True:
        try:
            return await replay(options, post, quiet)
        except UnreachableError:
            continue


def written(rows: Sequence[Mapping[str, str]], file: Path) -> Path:
    """Write the log."""
    with file.open("w", newline="") as log:
        writer = csv.DictWriter(log, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def all_tickets(nest: HelpNest) -> list[dict[str, Any]]:
    """Read every ticket with its history."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        answer = nest.ask(TICKETS, {"after": after})
        assert "errors" not in answer, answer
        page = answer["data"]["tickets"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_nothing_is_lost_and_nothing_happens_twice(
    nest: HelpNest, listener: Listener, tmp_path: Path
) -> None:
    rows = rows_of_log()
    options = Options(
        file=written(rows, tmp_path / "log.csv"),
        format="servicenow",
        url=nest.url,
        credentials=Credentials(nest.client_id, SECRET),
    )
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
        listening(nest, listener) as follower,
    ):
        acknowledged, teams = Acknowledged(posting(session)), Teams(nest)
        making = asyncio.create_task(teams.make())
        killer = asyncio.create_task(
            kill_again_and_again(nest, acknowledged, len(rows))
        )
        summary = await fed(options, acknowledged)
        assert await killer == KILLS
        teams.stopping = True
        await making
        assert summary.rejected == []
        assert acknowledged.lost == []

        again = await fed(options, acknowledged)
        assert (again.applied, again.rejected, acknowledged.lost) == (0, [], [])
        assert again.skipped + again.unchanged == len(rows)

        cases: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            cases[row["number"]].append(row)
        tickets = await asyncio.to_thread(all_tickets, nest)
        assert {key_of(each): life_of(each) for each in tickets} == {
            number: life_in_log(case) for number, case in cases.items()
        }
        assert len(teams.ids) > 1
        await until(teams.all_known, seconds=60)
        told = {
            each["id"]: [*range(1, each["history"]["totalCount"] + 1)]
            for each in tickets
        }

        # Caught up is who has all but what any open transaction may still precede.
        async def all_heard() -> bool:
            await follower.step()
            heard = await listener.heard()
            return sum(map(len, heard.values())) >= sum(map(len, told.values()))

        await until(all_heard, seconds=60)
        assert await listener.heard() == told
