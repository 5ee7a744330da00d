"""Start, stop and restart the server; keep one database per domain in it."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from helpnest.errors import CannotStartError
from helpnest.postgres.binaries import copy_for, find_binaries
from helpnest.postgres.configuration import (
    access_rules,
    locale_options,
    server_options,
)
from helpnest.postgres.folder import claimed, folder_in
from helpnest.postgres.owner import current_user, owner_for
from helpnest.postgres.remains import clear_remains

SUPERUSER = "helpnest"
STARTS_WITHIN = 60.0  # seconds; recovery after a crash is part of it
STOPS_WITHIN = 30.0
LOOK_EVERY = 0.01
LAUNCH = Path(__file__).with_name("launch.py")
KERNEL_TELLS = sys.platform.startswith("linux")  # of a parent's death
NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


def _silent(_: str) -> None:
    """Tell nobody."""


class EmbeddedPostgres:
    """A PostgreSQL server of our own, for as long as the ``with`` block lasts.

    It dies with the thread that starts it, so start it from the main thread.
    ``durable=False`` trades safety for speed and is for tests alone.
    """

    def __init__(
        self,
        home: Path,
        domains: Iterable[str],
        *,
        durable: bool = True,
        announce: Callable[[str], None] = _silent,
    ) -> None:
        self.home = home.absolute()
        self.domains = tuple(domains)
        self.durable = durable
        self._announce = announce
        self._stack = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self.life_line: int | None = None

    def __enter__(self) -> Self:
        """Start the server, with a database for each domain.

        Raises:
            CannotStartError: what stands in the way, and what to do about it.

        """
        with contextlib.ExitStack() as stack:
            stack.enter_context(claimed(self.home))
            self.folder = folder_in(self.home, owner_for(self.home))
            self.binaries = copy_for(
                self.folder.owner, find_binaries(self.folder.major())
            )
            if self.folder.major() is None:
                self._initialise()
            clear_remains(self.folder.data)
            self.socket_folder = self.folder.socket_folder()
            if self.socket_folder.parent != self.folder.path:
                stack.callback(shutil.rmtree, self.socket_folder, ignore_errors=True)
            stack.callback(self.stop)
            self.start()
            self._create_databases()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._process is None:
            raise CannotStartError("PostgreSQL is not running.")
        return self._process.pid

    def url(self, domain: str) -> str:
        """Give the address of ``domain``'s database, for the role that owns it."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{role_of(domain)}@/{domain}?host={host}"

    def is_running(self) -> bool:
        """Tell whether the server's process is there; reap it if not."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start the server's process, in the thread whose end shall be its own."""
        log = self.folder.open_log()
        self._log_begins = os.fstat(log).st_size
        watch = None if KERNEL_TELLS else self._new_life_line()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own arguments
                self._command(watch),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=() if watch is None else (watch,),
            )
        finally:
            os.close(log)
            if watch is not None:
                os.close(watch)

    def clear(self) -> None:
        """After the server died: bring it back to where `launch` can follow."""
        self.stop()
        clear_remains(self.folder.data)

    def _new_life_line(self) -> int:
        """Open a pipe whose other end closes when this process ends, however."""
        reading, self.life_line = os.pipe()
        return reading

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, the rest is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOPS_WITHIN)
                break
        if self.life_line is not None:
            os.close(self.life_line)
            self.life_line = None

    def sql(self, statement: str, database: str = "postgres") -> list[str]:
        """Run ``statement`` as the superuser; give the rows as psql prints them.

        Raises:
            CannotStartError: the server refused it.

        """
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            [
                self.binaries.path("psql"),
                *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-w"),
                *("-h", str(self.socket_folder), "-U", SUPERUSER, "-d", database),
                *("-f", "-"),
            ],
            input=statement,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if done.returncode:
            raise CannotStartError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.splitlines()

    def _initialise(self) -> None:
        self._announce("Creating the database cluster")
        fresh = self.folder.make("data.new")
        done = subprocess.run(  # noqa: S603 - our own arguments
            self._as_owner(
                self.binaries.path("initdb"),
                *("-D", str(fresh), "-U", SUPERUSER, "--auth=peer"),
                *("-E", "UTF8", *locale_options(self.binaries.major)),
                *(() if self.durable else ("--no-sync",)),
            ),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if done.returncode:
            raise CannotStartError(
                f"PostgreSQL could not create its data in {fresh}: "
                f"{done.stderr.strip() or done.stdout.strip()}"
            )
        fresh.rename(self.folder.data)

    def _command(self, watch: int | None) -> list[str]:
        roles = [SUPERUSER, *map(role_of, self.domains)]
        for name, text in access_rules(current_user().name, roles).items():
            (self.folder.data / name).write_text(text)
        return self._as_owner(
            self.binaries.path("postgres"),
            *("-D", str(self.folder.data)),
            *server_options(
                self.binaries.major, self.socket_folder, durable=self.durable
            ),
            parent=os.getpid(),
            watch=watch,
        )

    def _as_owner(
        self, *command: str, parent: int = 0, watch: int | None = None
    ) -> list[str]:
        owner = self.folder.owner
        ids = (str(parent), str(owner.uid), str(owner.gid))
        pipe = "-" if watch is None else str(watch)
        return [sys.executable, "-I", "-S", str(LAUNCH), *ids, pipe, *command]

    def wait_until_ready(self) -> None:
        """Wait until the server takes connections.

        Raises:
            CannotStartError: it ended instead; with what it says.

        """
        deadline = time.monotonic() + STARTS_WITHIN
        lock = self.folder.data / "postmaster.pid"
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                lines = lock.read_text().splitlines()
                # The file's eighth line is the server's state.
                if lines[:1] == [str(self.pid)] and lines[7:8] == ["ready   "]:
                    return
            if not self.is_running():
                break
            time.sleep(LOOK_EVERY)
        self.stop()
        with self.folder.log.open() as log:
            log.seek(self._log_begins)
            said = log.read()[-2000:].strip()
        raise CannotStartError(
            f"PostgreSQL did not start. It says, in {self.folder.log}:\n{said}"
        )

    def _create_databases(self) -> None:
        there = set(self.sql("SELECT datname FROM pg_database"))
        for domain in self.domains:
            if domain not in there:
                self.create_database(domain, domain)

    def create_database(
        self, name: str, domain: str, template: str = "template1"
    ) -> None:
        """Create the database ``name`` for ``domain``'s role, closed to the others."""
        role = role_of(domain)
        if role not in self.sql("SELECT rolname FROM pg_roles"):
            self.sql(f"CREATE ROLE {role} LOGIN")
        self.sql(
            f"CREATE DATABASE {checked(name)} OWNER {role} TEMPLATE {template};\n"
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;"
        )


def role_of(domain: str) -> str:
    """Name the role that owns ``domain``'s database.

    >>> role_of("tickets")
    'helpnest_tickets'
    """
    return f"helpnest_{checked(domain)}"


def checked(name: str) -> str:
    """Give ``name`` back if it can stand in SQL as it is.

    Raises:
        CannotStartError: it cannot.

    """
    if not NAME.fullmatch(name):
        raise CannotStartError(f"{name!r} cannot be the name of a database.")
    return name
