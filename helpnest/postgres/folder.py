"""Where PostgreSQL's data lies, and the lock that keeps it to one of us.

``<home>/postgres/`` holds ``data/``, ``run/`` (the socket) and ``log``. Started by
root below a folder that only root may enter, it is a link to a folder of its own
under ``/var/lib/helpnest``: the modes of folders that are not ours stay as they are.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from helpnest.errors import CannotStartError
from helpnest.postgres.owner import ELSEWHERE, Owner, can_enter, elsewhere

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; sockaddr_un holds 108 on Linux, 104 on macOS
LARGEST_LOG = 10_000_000  # bytes; a longer one is begun anew at the next start


@dataclass(frozen=True, slots=True)
class Folder:
    """PostgreSQL's own folder, which belongs to ``owner`` alone."""

    path: Path
    owner: Owner

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "log"

    def make(self, name: str) -> Path:
        """Make the folder ``name`` in here, for the owner alone, empty."""
        made = self.path / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        _give(made, self.owner)
        return made

    def socket_folder(self) -> Path:
        """Make the folder for the socket; a short one where the path is too long."""
        made = self.make("run")
        if len(os.fsencode(made / SOCKET)) <= LONGEST_SOCKET_PATH:
            return made
        short = Path(tempfile.mkdtemp(prefix="helpnest-"))
        _give(short, self.owner)
        return short

    def open_log(self) -> int:
        """Open the log to append to; begin a new one when it has grown long."""
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LARGEST_LOG:
                self.log.unlink()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.open(self.log, flags, 0o600)

    def major(self) -> int | None:
        """Tell which PostgreSQL wrote the data, or None where there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None


def make_home(home: Path) -> Path:
    """Make ``home`` unless it is there.

    Raises:
        CannotStartError: it cannot be made.

    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=_home_mode())
    except OSError as error:
        raise _unusable(home, error) from error
    return home


@contextlib.contextmanager
def claimed(home: Path) -> Generator[None]:
    """Hold ``home`` for this process; the kernel lets go when it dies.

    Raises:
        CannotStartError: another process holds it, or it cannot be written.

    """
    try:
        lock = os.open(make_home(home) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unusable(home, error) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode().strip() or "unknown"
            raise CannotStartError(
                f"HelpNest already runs on the data folder {home} (process {holder}). "
                "Stop that one first, or give this one a folder of its own with "
                "HELPNEST_HOME."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def folder_in(home: Path, owner: Owner) -> Folder:
    """Find PostgreSQL's folder in ``home``, or make it where ``owner`` can reach it."""
    path = home / "postgres"
    if path.is_symlink() or path.is_dir():
        found = path.resolve()
        if found.is_dir() and can_enter(found, owner):
            return Folder(found, owner)
        raise CannotStartError(
            f"PostgreSQL, which runs as {owner.name}, cannot enter its folder {found}. "
            "Start HelpNest as the user who started it first, or move "
            f"{path} away to start afresh."
        )
    if can_enter(home.resolve(), owner):
        path.mkdir(mode=0o700)
        _give(path, owner)
        return Folder(path.resolve(), owner)
    made = Path(tempfile.mkdtemp(prefix="postgres-", dir=elsewhere(ELSEWHERE)))
    _give(made, owner)
    path.symlink_to(made)
    return Folder(made, owner)


def _unusable(home: Path, error: OSError) -> CannotStartError:
    return CannotStartError(
        f"The data folder {home} cannot be used: {error.strerror}. Choose another with "
        "HELPNEST_HOME."
    )


def _home_mode() -> int:
    """Let an unprivileged PostgreSQL through, where root makes the folder."""
    return 0o711 if os.geteuid() == 0 else 0o700


def _give(path: Path, owner: Owner) -> None:
    if os.geteuid() == 0:
        os.chown(path, owner.uid, owner.gid)
