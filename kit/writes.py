"""How a mutation runs: once for its key, whole or not at all, refusals as data."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import RejectedError
from kit.graphql import Context
from kit.idempotency import once

Result = TypeVar("Result")
Error = TypeVar("Error")
Work = Callable[[AsyncSession], Awaitable[Result]]
"""What happens inside the unit of work; its result is what JSON can hold."""

Prepare = Callable[[], Awaitable[Work[Result]]]
"""What must be asked elsewhere before a transaction opens; gives the work."""


class Input(Protocol):
    """What the inputs of all mutations have."""

    @property
    def idempotency_key(self) -> str | None:
        """The caller's name for this request."""
        ...


class Versioned(Protocol):
    """A row that counts its changes."""

    id: Any
    version: Any


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What came of a mutation: what it wrote, or why it wrote nothing.

    ``repeated`` says that the caller's key was used before, and nothing was done again.
    """

    written: Result | None = None
    rejected: RejectedError | None = None
    repeated: bool = False

    @property
    def current(self) -> Any:
        """The id of what stands against it: the stale object, the name's owner."""
        return None if self.rejected is None else self.rejected.current

    @property
    def shown(self) -> Any:
        """What to read again and show: what was written, or what stands against it."""
        return self.written or self.current

    def errors(self, write: Callable[[RejectedError], Error]) -> list[Error]:
        """Say why nothing was written, as the domain's ``UserError``."""
        return [] if self.rejected is None else [write(self.rejected)]


async def carry_out(
    context: Context, table: Table, verb: str, given: Input, prepare: Prepare[Result]
) -> Outcome[Result]:
    """Do what a mutation says, unless its key says that it is done.

    ``table`` notes what keys were used for, as `once` says. What the request has read
    before is forgotten.

    Raises:
        InvalidInputError: the key was used for something else, or is none.

    """
    repeated = True
    try:
        work = await prepare()
    except RejectedError as rejected:
        return Outcome(rejected=rejected)

    async def do(session: AsyncSession) -> Result:
        async def first_time() -> Result:
            nonlocal repeated
            repeated = False
            return await work(session)

        return await once(
            session,
            table,
            first_time,
            subject=context.identity.subject,
            key=given.idempotency_key,
            verb=verb,
            body=given,
        )

    done = await context.database.attempt(do)
    context.forget()
    if isinstance(done, RejectedError):
        return Outcome(rejected=done)
    return Outcome(written=done, repeated=repeated)


def without_asking(work: Result) -> Callable[[], Awaitable[Result]]:
    """Prepare work for which nobody else must be asked."""

    async def prepare() -> Result:
        return work

    return prepare


def changes(given: object, names: Iterable[str]) -> Any:
    """Take what the caller gave of these fields, an explicit null included.

    >>> from types import SimpleNamespace
    >>> changes(SimpleNamespace(name=None, lead=UNSET), ("name", "lead"))
    {'name': None}
    """
    found = {name: getattr(given, name, UNSET) for name in names}
    return {name: value for name, value in found.items() if value is not UNSET}


def check_version(row: Versioned, expected: int | None, stale: Enum, what: str) -> None:
    """See that an object is as the caller last saw it; None asks for no check.

    Raises:
        RejectedError: ``stale``, with the object's id as ``current``.

    """
    if expected not in {None, row.version}:
        raise RejectedError(
            stale,
            f"{what} has changed: it is at version {row.version} now.",
            ("input", "expectedVersion"),
            current=row.id,
        )
