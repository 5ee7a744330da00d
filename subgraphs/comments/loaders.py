"""How reads about comments are batched, for one request."""

from collections.abc import Awaitable, Callable
from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database, Query
from kit.loaders import many_each, one_each
from kit.pagination import Page
from subgraphs.comments.models import Visibility
from subgraphs.comments.repository import reads

One = DataLoader[str, Record | None]
Many = DataLoader[str, list[Record]]
Readable = tuple[Visibility, ...]
"""Which comments are read at all; a list's loader is made for each such set."""


class Loaders:
    """One loader for each question."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages: dict[tuple[Page, Readable], Many] = {}
        self._counts: dict[Readable, One] = {}

    @cached_property
    def comment_by_id(self) -> One:
        """Load a comment by id; whether the caller reads it is not asked here."""
        return one_each(self._by_ids(reads.BY_ID), "id")

    @cached_property
    def versions_by_comment(self) -> Many:
        """Load what a comment said before, the oldest first."""
        return many_each(self._by_ids(reads.VERSIONS_BY_COMMENT), "comment_id")

    @cached_property
    def last_public_by_ticket(self) -> One:
        """Load a ticket's newest public comment that was not taken back."""
        return one_each(self._by_ids(reads.LAST_PUBLIC), "ticket_id")

    def comments_by_ticket(self, page: Page, readable: Readable) -> Many:
        """Load the same page of comments, of these visibilities, for many tickets."""
        same = (page, readable)
        if same not in self._pages:
            values = {**page.values, "readable": words(readable)}
            fetch = self._by_ids(reads.pages(page.shape), values)
            self._pages[same] = many_each(fetch, "owner")
        return self._pages[same]

    def count_by_ticket(self, readable: Readable) -> One:
        """Count the comments of these visibilities for many tickets."""
        if readable not in self._counts:
            fetch = self._by_ids(reads.COUNTS, {"readable": words(readable)})
            self._counts[readable] = one_each(fetch, "ticket_id")
        return self._counts[readable]

    def _by_ids(
        self, query: Query, values: dict[str, object] | None = None
    ) -> Callable[[list[str]], Awaitable[list[Record]]]:
        async def fetch(ids: list[str]) -> list[Record]:
            return await self._database.rows(query, ids=ids, **values or {})

        return fetch


def words(readable: Readable) -> list[str]:
    """Write visibilities as the database has them."""
    return [each.value for each in readable]
