"""How a mutation runs: once for its key, whole or not at all, refusals as data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.errors import RejectedError
from kit.idempotency import once

Result = TypeVar("Result")
Work = Callable[[AsyncSession], Awaitable[Result]]
"""What happens inside the unit of work; its result is what JSON can hold."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What came of a mutation: what it wrote, or why it wrote nothing.

    ``repeated`` says that the caller's key was used before, and nothing was done again.
    """

    written: Result | None = None
    rejected: RejectedError | None = None
    repeated: bool = False


async def carry_out(
    database: Database,
    table: Table,
    prepare: Callable[[], Awaitable[Work[Result]]],
    *,
    subject: str,
    key: str | None,
    verb: str,
    body: object,
) -> Outcome[Result]:
    """Do what a mutation says, unless its key says that it is done.

    ``prepare`` asks what must be asked elsewhere, before a transaction opens, and
    returns the work; ``table`` notes what keys were used for, as `once` says.

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
            session, table, first_time, subject=subject, key=key, verb=verb, body=body
        )

    done = await database.attempt(do)
    if isinstance(done, RejectedError):
        return Outcome(rejected=done)
    return Outcome(written=done, repeated=repeated)
