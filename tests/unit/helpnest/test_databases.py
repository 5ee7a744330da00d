"""Whose databases, and that ours come back."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helpnest import databases as module
from helpnest.databases import databases, kept_running, migrate
from helpnest.errors import CannotStartError
from helpnest.settings import StackSettings


class Server:
    """A server that dies when told, and counts its starts."""

    def __init__(self) -> None:
        self.runs = True
        self.starts = 0
        self.pid = 1
        self.folder = SimpleNamespace(log=Path("log"))
        self.refuses: list[str] = []

    def url(self, domain: str) -> str:
        return f"postgresql://ours/{domain}"

    def is_running(self) -> bool:
        return self.runs

    def clear(self) -> None:
        pass

    def launch(self) -> None:
        self.starts += 1

    def wait_until_ready(self) -> None:
        if self.refuses:
            raise CannotStartError(self.refuses.pop())
        self.runs = True


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, list[str]]]:
    """Record what servers were started, without starting any."""
    seen: list[tuple[Path, list[str]]] = []

    @contextmanager
    def start(home: Path, domains: list[str], **_: Any) -> Generator[Server]:
        seen.append((home, domains))
        yield Server()

    monkeypatch.setattr(module, "EmbeddedPostgres", start)
    return seen


def silent(_: str) -> None:
    pass


def test_a_domain_with_a_server_elsewhere_is_not_kept_here(
    started: list[tuple[Path, list[str]]],
) -> None:
    settings = StackSettings(database_urls={"users": "postgresql://db/users"})
    with databases(["tickets", "users"], settings, silent) as (urls, _):
        assert urls == {
            "users": "postgresql://db/users",
            "tickets": "postgresql://ours/tickets",
        }
    assert started == [(Path(".helpnest"), ["tickets"])]


def test_no_server_is_started_where_none_is_needed(
    started: list[tuple[Path, list[str]]],
) -> None:
    settings = StackSettings(database_urls={"users": "postgresql://db/users"})
    with databases(["users"], settings, silent) as (urls, server):
        assert (urls, server) == ({"users": "postgresql://db/users"}, None)
    assert started == []


async def test_a_database_that_does_not_answer_names_its_variable() -> None:
    with pytest.raises(CannotStartError, match="HELPNEST_USERS_DATABASE_URL points at"):
        await migrate({"users": "postgresql://127.0.0.1:1/users"}, silent)


class Old:
    """A connection to a server of long ago."""

    def get_server_version(self) -> SimpleNamespace:
        return SimpleNamespace(major=14)

    async def close(self) -> None:
        pass


async def test_a_server_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(_: str, **__: object) -> Old:
        return Old()

    monkeypatch.setattr(module.asyncpg, "connect", connect)
    with pytest.raises(CannotStartError) as refusal:
        await migrate({"users": "postgresql://db/users"}, silent)
    assert str(refusal.value) == (
        "The database of users is on PostgreSQL 14; HelpNest needs 15 or newer."
    )


async def test_an_address_that_is_none_names_its_variable() -> None:
    with pytest.raises(CannotStartError, match="If HELPNEST_USERS_DATABASE_URL is set"):
        await migrate({"users": "nonsense"}, silent)


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what changes is no event
            await asyncio.sleep(0.01)


async def test_a_server_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    server: Any = Server()
    async with kept_running(server):
        server.runs = False
        await until(lambda: server.runs)
        assert server.starts == 1


async def test_a_start_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    server: Any = Server()
    server.refuses = ["disk full", "disk full"]
    async with kept_running(server):
        server.runs = False
        await until(lambda: server.runs)
        assert server.starts == 3
