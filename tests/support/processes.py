"""HelpNest as a person starts it: real processes, real ports, real tokens."""

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx

from helpnest.supergraph import domains
from kit.database import Database
from kit.ids import new_id
from tests.support.house import ADMIN_SCOPES, House, settled

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0  # seconds; a machine may be busy with other tests
SECRET = "made up for the tests"
PARTS = domains()


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on just now."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


@dataclass
class HelpNest:
    """One home folder, and the ``helpnest up`` that runs on it, if any."""

    home: Path
    separate: bool = False
    ports: dict[str, int] = field(init=False)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.ports = dict(
            zip(("router", *PARTS), free_ports(1 + len(PARTS)), strict=True)
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['router']}"

    @property
    def log(self) -> Path:
        return self.home / "up.log"

    def up(self) -> float:
        """Start it, wait until it is ready, and say how many seconds that took."""
        began = time.monotonic()
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o755)
        flags = ["--separate"] if self.separate else []
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, "-m", "helpnest", "up", *flags],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: self.has_said("HelpNest is ready"), "it was ready")
        return time.monotonic() - began

    def environment(self) -> dict[str, str]:
        """Give the variables that make this one different from any other."""
        return {
            "PATH": os.defpath,
            "PORT": str(self.ports["router"]),
            "HELPNEST_HOME": str(self.home / ".helpnest"),
            "HELPNEST_DEMO": "off",
            "HELPNEST_GRAPHIQL": "off",
            **{
                f"HELPNEST_{name.upper()}_URL": (
                    f"http://127.0.0.1:{self.ports[name]}/graphql"
                )
                for name in PARTS
            },
        }

    def has_said(self, words: str) -> bool:
        """Tell whether the log has these words; fail if the process has ended."""
        assert self.process is not None
        said = self.log.read_text()
        assert self.process.poll() is None or words in said, said
        return words in said

    def stop(self, by: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and wait until process and database are gone."""
        assert self.process is not None
        server = self.server_pid()
        self.process.send_signal(by)
        status = self.process.wait(PATIENCE)
        wait_until(lambda: not lives(server), "PostgreSQL had ended")
        return status

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGKILL)

    def server_pid(self) -> int:
        """Read the embedded PostgreSQL's process id off its lock file."""
        lock = self.home / ".helpnest/postgres/data/postmaster.pid"
        return int(lock.read_text().splitlines()[0])

    def database_url(self, domain: str) -> str:
        """Give the address of a domain's embedded database."""
        host = quote(str((self.home / ".helpnest/postgres/run").resolve()), safe="")
        return f"postgresql://helpnest_{domain}@/{domain}?host={host}"

    def settle(self) -> House:
        """Move a company in, and a service account that may do everything."""
        return asyncio.run(self._settle())

    async def _settle(self) -> House:
        async with Database(self.database_url("users")) as database:
            house = await settled(database)
        connection = await asyncpg.connect(self.database_url("auth"))
        await connection.execute(
            "INSERT INTO service_accounts (id, name, scopes, secret_digest, created_at)"
            " VALUES ($1, 'tests', $2, $3, now())",
            self.client_id,
            sorted(ADMIN_SCOPES),
            hashlib.sha256(SECRET.encode()).digest(),
        )
        await connection.close()
        return house

    client_id: str = field(default_factory=lambda: new_id("sva"))

    def client(self) -> httpx.Client:
        """Sign in as the service account: an HTTP client with its token."""
        given = {"grant_type": "client_credentials"}
        credentials = (self.client_id, SECRET)
        answer = httpx.post(f"{self.url}/auth/token", data=given, auth=credentials)
        token = answer.raise_for_status().json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30.0)

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send one operation with a fresh token."""
        with closing(self.client()) as client:
            return send(client, query, variables)


def send(
    client: httpx.Client, query: str, variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Send one operation as a client would."""
    body = {"query": query, "variables": dict(variables or {})}
    answer: dict[str, Any] = client.post("/graphql", json=body).json()
    return answer


def lives(pid: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def worked(pid: int) -> float:
    """Say how many seconds of a processor a process has used: load does not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> dict[str, int]:
    """Name the parts that run as processes of their own below ``pid``."""
    found: dict[str, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(") ", 1)[1].split()[1])
            words = (status.parent / "cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid and "serve" in words:
            found[words[words.index("serve") + 1]] = int(status.parent.name)
    return found
