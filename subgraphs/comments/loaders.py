"""How reads about comments are batched, for one request."""

from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database
from kit.loaders import one_each
from subgraphs.comments import repository


class Loaders:
    """One loader for each question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def comment_by_id(self) -> DataLoader[str, Record | None]:
        """Load one by id."""

        async def fetch(ids: list[str]) -> list[Record]:
            return await self._database.rows(repository.BY_ID, ids=ids)

        return one_each(fetch, "id")
