"""Batched reads for one request, in the two shapes that a graph needs.

A loader gathers the keys that sibling fields ask for, reads them in one go, and
hands each its own. It lives for one request, so what it remembers is never stale.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import TypeVar

from aiodataloader import DataLoader
from asyncpg import Record

Key = TypeVar("Key", bound=Hashable)

MOST_KEYS = 1000
"""A batch holds at most this many keys; more are read in several."""


def one_each(
    fetch: Callable[[list[Key]], Awaitable[Iterable[Record]]], by: str
) -> DataLoader[Key, Record | None]:
    """Load at most one row for each key, matched on the row's column ``by``.

    A key without a row gets None.
    """

    async def batch(keys: list[Key]) -> list[Record | None]:
        found = {row[by]: row for row in await fetch(keys)}
        return [found.get(key) for key in keys]

    return DataLoader(batch, max_batch_size=MOST_KEYS)


def many_each(
    fetch: Callable[[list[Key]], Awaitable[Iterable[Record]]], by: str
) -> DataLoader[Key, list[Record]]:
    """Load all rows for each key, in the order in which they were read."""

    async def batch(keys: list[Key]) -> list[list[Record]]:
        found: dict[Key, list[Record]] = {key: [] for key in keys}
        for row in await fetch(keys):
            found[row[by]].append(row)
        return [found[key] for key in keys]

    return DataLoader(batch, max_batch_size=MOST_KEYS)
