"""The embedded PostgreSQL, for real: killed, restarted, fought over."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres import EmbeddedPostgres
from helpnest.postgres.binaries import Binaries, find_binaries
from helpnest.postgres.owner import Owner, can_run

ROOT = Path(__file__).parents[2]
OTHER_USER = 65534  # nobody

# A supervisor of its own, to be killed: it prints the address and then writes rows,
# each number once it is committed.
SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
import asyncpg
from helpnest.postgres import EmbeddedPostgres

async def write(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS note (n int)")
    for n in range(1_000_000):
        await connection.execute("INSERT INTO note VALUES ($1)", n)
        print(n, flush=True)

with EmbeddedPostgres(Path(sys.argv[1]), ["tickets"]) as server:
    print(server.pid, flush=True)
    asyncio.run(write(server.url("tickets")))
"""


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def open_home() -> Generator[Path]:
    """A folder that other accounts may enter, as a checkout usually is."""
    made = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def in_tickets(server: EmbeddedPostgres, statement: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(server.url("tickets"))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool], within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def supervise(
    home: Path, uid: int
) -> tuple[subprocess.Popen[str], int, Callable[[], int]]:
    """Start a supervisor; give it, its server's pid and a reader of its numbers."""
    become: dict[str, Any] = (
        {"user": uid, "group": uid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    process = subprocess.Popen(  # noqa: S603 - our own text
        [python_for(uid), "-c", SUPERVISOR, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{Path(asyncpg.__file__).parents[1]}"},
        **become,
    )
    assert process.stdout is not None
    lines = iter(process.stdout)
    return process, int(next(lines)), lambda: int(next(lines))


def python_for(uid: int) -> str:
    """Find a Python that ``uid`` may run: this one, or the system's of its version."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    account = Owner(uid, uid, "")
    for place in (sys.executable, f"/usr/bin/python{version}"):
        program = Path(place).resolve()
        if uid == 0 or (program.exists() and can_run(program, account)):
            return place
    pytest.skip("no Python that another account may run")


def users() -> list[int]:
    """Root tries both ways; an ordinary user has only his own."""
    return [0, OTHER_USER] if os.geteuid() == 0 else [os.geteuid()]


@pytest.mark.parametrize("uid", users())
def test_a_killed_supervisor_leaves_no_server_and_loses_no_acknowledged_row(
    open_home: Path, uid: int
) -> None:
    if uid != os.geteuid():
        os.chown(open_home, uid, uid)
    home = open_home / ".helpnest"
    process, server_pid, next_number = supervise(home, uid)
    acknowledged = [next_number() for _ in range(200)]

    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0].split()

    wait_until(lambda: not is_alive(server_pid))
    last = int(rest[-1]) if rest else acknowledged[-1]
    with EmbeddedPostgres(home, ["tickets"]) as server:
        kept = in_tickets(server, "SELECT count(*) FROM note")
    assert kept in (last + 1, last + 2)  # one may have committed unanswered


def test_a_server_started_by_root_belongs_to_somebody_else(open_home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root")
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        status = Path(f"/proc/{server.pid}/status").read_text()
        mine = (open_home / "postgres").stat()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:"))
    assert set(uids.split()[1:]) == {str(mine.st_uid)} != {"0"}
    assert mine.st_mode & 0o777 == 0o700


@pytest.fixture
def elsewhere(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for /var/lib/helpnest."""
    place = open_home / "var-lib-helpnest"
    monkeypatch.setattr("helpnest.postgres.folder.ELSEWHERE", place)
    monkeypatch.setattr("helpnest.postgres.binaries.ELSEWHERE", place)
    return place


def test_a_folder_that_only_root_may_enter_stays_closed(
    home: Path, elsewhere: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root")
    home.chmod(0o700)
    with EmbeddedPostgres(home / ".helpnest", ["tickets"]) as server:
        in_tickets(server, "CREATE TABLE note ()")
    assert (home / ".helpnest/postgres").readlink().parent == elsewhere
    assert home.stat().st_mode & 0o777 == 0o700
    with EmbeddedPostgres(home / ".helpnest", ["tickets"]) as server:
        assert in_tickets(server, "SELECT count(*) FROM note") == 0


def test_programs_that_only_root_may_reach_are_copied_once(
    home: Path, open_home: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an environment below /root, which stays as it is."""
    if os.geteuid() != 0:
        pytest.skip("not root")
    found = find_binaries()
    package = found.folder.parents[1]
    for each in (package, package.with_name(f"{package.name}.libs")):
        if each.is_dir():
            shutil.copytree(each, home / each.name)
    home.chmod(0o700)
    hidden = Binaries(home / package.name / "pginstall/bin", found.major)
    monkeypatch.setattr("helpnest.postgres.server.find_binaries", lambda _: hidden)

    for _ in range(2):
        with EmbeddedPostgres(open_home / ".helpnest", ["tickets"]) as server:
            assert in_tickets(server, "SELECT 1") == 1
            assert server.binaries.folder.is_relative_to(elsewhere)

    assert home.stat().st_mode & 0o777 == 0o700
    assert len(list(elsewhere.iterdir())) == 1


def test_a_second_supervisor_is_told_who_holds_the_folder(open_home: Path) -> None:
    with EmbeddedPostgres(open_home, ["tickets"]):
        with pytest.raises(CannotStartError) as refusal:
            EmbeddedPostgres(open_home, ["tickets"]).__enter__()
        assert str(refusal.value) == (
            f"HelpNest already runs on the data folder {open_home} (process "
            f"{os.getpid()}). Stop that one first, or give this one a folder of its "
            "own with HELPNEST_HOME."
        )


def test_a_killed_server_starts_again_with_its_data(open_home: Path) -> None:
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        in_tickets(server, "CREATE TABLE note AS SELECT 7 AS n")
        first = server.pid
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not server.is_running())

        server.clear()
        server.start()

        assert server.pid != first
        assert in_tickets(server, "SELECT n FROM note") == 7


def test_a_lock_file_that_names_a_stranger_is_no_obstacle(open_home: Path) -> None:
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        in_tickets(server, "CREATE TABLE note AS SELECT 7 AS n")
        lock = server.folder.data / "postmaster.pid"
        left = lock.read_text().split("\n")
        os.kill(server.pid, signal.SIGKILL)
        wait_until(lambda: not server.is_running())
    # After a reboot, or in a new container, the number belongs to another program.
    lock.write_text("\n".join([str(os.getpid()), *left[1:]]))

    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        assert in_tickets(server, "SELECT n FROM note") == 7


def test_a_long_path_gets_its_socket_in_a_short_one(open_home: Path) -> None:
    with EmbeddedPostgres(open_home / ("long" * 30), ["tickets"]) as server:
        short = server.socket_folder
        assert in_tickets(server, "SELECT 1") == 1
        assert short.stat().st_mode & 0o777 == 0o700
    assert not short.exists()


def test_a_domain_cannot_enter_the_database_of_another(open_home: Path) -> None:
    with EmbeddedPostgres(open_home, ["tickets", "users"]) as server:
        stranger = server.url("users").replace("helpnest_users@", "helpnest_tickets@")

        async def intrude() -> None:
            await asyncpg.connect(stranger)

        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="users"):
            asyncio.run(intrude())


def test_another_account_is_refused_at_the_socket(open_home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root")
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        owner = server.folder.owner
        psql = [server.binaries.path("psql"), "-w", "-h", str(server.socket_folder)]
        refused = subprocess.run(  # noqa: S603 - our own arguments
            [*psql, "-U", "helpnest", "-d", "tickets", "-c", "SELECT 1"],
            user=owner.uid,
            group=owner.gid,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Peer authentication failed" in refused.stderr


def test_the_watchdog_stops_the_server_where_the_kernel_does_not(
    open_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS: the end of a pipe tells of the supervisor's death."""
    monkeypatch.setattr("helpnest.postgres.server.KERNEL_TELLS", False)
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        first = server.pid
        assert server.life_line is not None
        os.close(server.life_line)
        server.life_line = None
        wait_until(lambda: not server.is_running())
        assert not is_alive(first)


def test_what_stands_in_the_way_is_told_with_the_servers_own_words(
    open_home: Path,
) -> None:
    with EmbeddedPostgres(open_home, ["tickets"]) as server:
        data = server.folder.data
    (data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotStartError, match=r"(?s)did not start.*no_such_setting"):
        EmbeddedPostgres(open_home, ["tickets"]).__enter__()
