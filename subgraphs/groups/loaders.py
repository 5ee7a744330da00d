"""How reads about groups are batched, for one request and one caller."""

from collections.abc import Awaitable, Callable
from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database, Query
from kit.identity import Identity
from kit.loaders import many_each, one_each
from kit.pagination import Page
from subgraphs.groups.repository import reads

One = DataLoader[str, Record | None]
Many = DataLoader[str, list[Record]]
Fetch = Callable[[list[str]], Awaitable[list[Record]]]


class Loaders:
    """One loader for each question."""

    def __init__(self, database: Database, caller: Identity) -> None:
        self._database = database
        self._caller = caller
        self._groups: dict[tuple[str, ...], Many] = {}
        self._pages: dict[Page, Many] = {}

    @cached_property
    def group_by_id(self) -> One:
        """Load a group by id."""
        return one_each(self._by_ids(reads.GROUPS_BY_ID), "id")

    @cached_property
    def groups_by_parent(self) -> Many:
        """Load the groups directly inside one, by name."""
        return many_each(self._by_ids(reads.GROUPS_BY_PARENT), "parent_id")

    @cached_property
    def membership_by_group(self) -> One:
        """Load whether the caller is in a group."""
        query = reads.MEMBERSHIPS
        fetch = self._by_ids(query, {"user": self._caller.subject})
        return one_each(fetch, "group_id")

    @cached_property
    def absences_by_user(self) -> Many:
        """Load what somebody noted about whether they can be given work, in order."""
        return many_each(self._by_ids(reads.ABSENCES_BY_USER), "user_id")

    @cached_property
    def member_count_by_group(self) -> One:
        """Count the members of several groups; one without any has no row."""
        return one_each(self._by_ids(reads.MEMBER_COUNTS), "group_id")

    def groups_by_user(self, kinds: tuple[str, ...]) -> Many:
        """Load the groups of some kinds that somebody is in, by name."""
        if kinds not in self._groups:
            fetch = self._by_ids(reads.GROUPS_BY_USER, {"kinds": list(kinds)})
            self._groups[kinds] = many_each(fetch, "user_id")
        return self._groups[kinds]

    def members_by_group(self, page: Page) -> Many:
        """Load the same page of members for several groups."""
        if page not in self._pages:
            fetch = self._by_ids(reads.member_pages(page.shape), page.values)
            self._pages[page] = many_each(fetch, "owner")
        return self._pages[page]

    def _by_ids(self, query: Query, values: dict[str, object] | None = None) -> Fetch:
        async def fetch(ids: list[str]) -> list[Record]:
            return await self._database.rows(query, ids=ids, **values or {})

        return fetch
