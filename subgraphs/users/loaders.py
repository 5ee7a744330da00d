"""How reads about people are batched, for one request and one caller."""

from collections.abc import Awaitable, Callable
from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database, Query
from kit.filters import Predicate, bound
from kit.loaders import many_each, one_each
from kit.pagination import Page
from subgraphs.users.repository import reads

One = DataLoader[str, Record | None]
Many = DataLoader[str, list[Record]]
Fetch = Callable[[list[str]], Awaitable[list[Record]]]


class Loaders:
    """One loader for each question; lists of people hold only who is ``visible``."""

    def __init__(self, database: Database, visible: Predicate) -> None:
        self._database = database
        self._visible = visible
        self._pages: dict[tuple[str, Page], Many] = {}
        self._counts: dict[str, One] = {}
        self._headed: dict[bool, Many] = {}

    @cached_property
    def user_by_id(self) -> One:
        """Load a person by id."""
        return one_each(self._by_ids(reads.USERS_BY_ID), "id")

    @cached_property
    def user_by_email(self) -> One:
        """Load a person by e-mail address, in lower case."""

        async def fetch(emails: list[str]) -> list[Record]:
            return await self._database.rows(reads.USERS_BY_EMAIL, emails=emails)

        return one_each(fetch, "email")

    @cached_property
    def department_by_id(self) -> One:
        """Load a department by id."""
        return one_each(self._by_ids(reads.DEPARTMENTS_BY_ID), "id")

    @cached_property
    def departments_by_parent(self) -> Many:
        """Load the departments directly inside one, by name."""
        return many_each(self._by_ids(reads.DEPARTMENTS_BY_PARENT), "parent_id")

    @cached_property
    def departments_inside(self) -> Many:
        """Load a department and all inside it, by name."""
        return many_each(self._by_ids(reads.departments_below("id")), "top")

    def departments_by_head(self, *, whole: bool) -> Many:
        """Load the departments that somebody leads, or also all inside those."""
        if whole not in self._headed:
            query = (
                reads.departments_below("head_id")
                if whole
                else reads.DEPARTMENTS_BY_HEAD
            )
            self._headed[whole] = many_each(self._by_ids(query), "top")
        return self._headed[whole]

    @cached_property
    def role_by_id(self) -> One:
        """Load a role by id."""
        return one_each(self._by_ids(reads.ROLES_BY_ID), "id")

    @cached_property
    def roles_by_user(self) -> Many:
        """Load the roles that a person holds, each with where and since when."""
        return many_each(self._by_ids(reads.ROLES_BY_USER), "user_id")

    def people_by_owner(self, relation: str, page: Page) -> Many:
        """Load the same page of people for several owners.

        ``relation`` is ``reports`` (an owner is a person), ``members`` or ``subtree``
        (an owner is a department).
        """
        if (relation, page) not in self._pages:
            query = reads.people_pages(relation, self._visible.shape, page.shape)
            values = {**bound(self._visible), **page.values}
            fetch = self._by_ids(query, values)
            self._pages[relation, page] = many_each(fetch, "owner")
        return self._pages[relation, page]

    def people_count_by_owner(self, relation: str) -> One:
        """Count the people of several owners."""
        if relation not in self._counts:
            query = reads.people_counts(relation, self._visible.shape)
            fetch = self._by_ids(query, bound(self._visible))
            self._counts[relation] = one_each(fetch, "owner")
        return self._counts[relation]

    def _by_ids(self, query: Query, values: dict[str, object] | None = None) -> Fetch:
        async def fetch(ids: list[str]) -> list[Record]:
            return await self._database.rows(query, ids=ids, **values or {})

        return fetch
