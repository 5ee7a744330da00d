"""How sessions and service accounts are read in batches."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database, Query
from kit.loaders import many_each, one_each
from subgraphs.auth.repository import service_accounts, sessions


class Loaders:
    """The loaders of one request; sessions are those open at its instant."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._now = now

    def _open(self, query: Query) -> Callable[[list[str]], Awaitable[list[Record]]]:
        return lambda ids: self._database.rows(query, ids=ids, now=self._now)

    @cached_property
    def session_by_id(self) -> DataLoader[str, Record | None]:
        """Load an open session."""
        return one_each(self._open(sessions.OPEN_SESSIONS_BY_ID), "id")

    @cached_property
    def sessions_by_user(self) -> DataLoader[str, list[Record]]:
        """Load a user's open sessions, the one last seen first."""
        return many_each(self._open(sessions.OPEN_SESSIONS_BY_USER), "user_id")

    @cached_property
    def service_account_by_id(self) -> DataLoader[str, Record | None]:
        """Load a service account."""
        return one_each(
            lambda ids: self._database.rows(
                service_accounts.SERVICE_ACCOUNTS_BY_ID, ids=ids
            ),
            "id",
        )
