"""What a killed server leaves behind: waited for, or cleared away.

The caller holds the lock on the data folder, so whatever is found belongs to nobody.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from helpnest.errors import CannotStartError

PATIENCE = 60.0  # seconds for an orphan to write its last checkpoint
LOOK_EVERY = 0.02  # seconds


def clear_remains(data: Path, patience: float = PATIENCE) -> None:
    """Wait for the last server on ``data`` to end; remove a lock that lies.

    A server whose supervisor was killed is still shutting down for a moment. After
    a kill of the server itself, its lock file names a process id, which another
    program may have by now; PostgreSQL would take that for itself and refuse.

    Raises:
        CannotStartError: a server still runs there after ``patience`` seconds.

    """
    lock = data / "postmaster.pid"
    leader = _leader(lock)
    if leader and _serves(leader, data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(leader, signal.SIGINT)
    deadline = time.monotonic() + patience
    while still := _processes_in(data, leader):
        if time.monotonic() > deadline:
            raise CannotStartError(
                f"A PostgreSQL server still runs on {data} (process {min(still)}) and "
                "does not stop. End it, then start HelpNest again."
            )
        time.sleep(LOOK_EVERY)
    if leader:
        lock.unlink(missing_ok=True)


def _leader(lock: Path) -> int | None:
    try:
        return int(lock.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _processes_in(data: Path, leader: int | None) -> list[int]:
    """List the server's processes: those that work in its data folder."""
    if Path("/proc/self/cwd").exists():
        pids = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal()]
        return [pid for pid in pids if _serves(pid, data)]
    return [leader] if leader and _serves(leader, data) else []


def _serves(pid: int, data: Path) -> bool:
    """Tell whether ``pid`` is a PostgreSQL process on ``data``."""
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == data and _is_postgres(pid)
        except OSError:
            return False
    return _is_postgres(pid)


def _is_postgres(pid: int) -> bool:
    said = Path(f"/proc/{pid}/comm")
    if said.exists():
        return said.read_text().startswith("postgres")
    shown = subprocess.run(  # noqa: S603 - a number and fixed words, no shell
        ["/bin/ps", "-o", "comm=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in shown.stdout
