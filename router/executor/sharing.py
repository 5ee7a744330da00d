"""One answer for all who ask the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LeaderGoneError(Exception):
    """Who was asking for others too was given up; they ask for themselves."""


class Sharing(Generic[Value]):
    """Work that is under way, by what makes it the same work."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Future[Value]] = {}

    async def get(
        self, key: Hashable, make: Callable[[], Awaitable[Value]]
    ) -> tuple[Value, bool]:
        """Wait for whoever makes this already, or make it; say whether it was shared.

        An error is shared too. Being cancelled is not: if the one who makes it is
        given up, one of those who wait takes over.
        """
        while (leader := self._under_way.get(key)) is not None:
            try:
                return await asyncio.shield(leader), True
            except LeaderGoneError:
                continue
        promise: asyncio.Future[Value] = asyncio.get_running_loop().create_future()
        self._under_way[key] = promise
        try:
            value = await make()
        except Exception as error:
            tell(promise, error)
            raise
        except BaseException:
            tell(promise, LeaderGoneError())
            raise
        else:
            promise.set_result(value)
            return value, False
        finally:
            del self._under_way[key]


def tell(promise: "asyncio.Future[Value]", error: Exception) -> None:
    """Give those who wait an error; if nobody does, that is nothing to report."""
    promise.set_exception(error)
    promise.exception()
