"""A write that is sent twice has one effect, and both senders get its answer.

A client that hears nothing cannot know whether its write took place. With an
``idempotencyKey`` it may send the same again: the first one does the work and
notes what came of it in the same transaction, any other waits for that note and
answers it. What was rejected left nothing behind and is not noted either, so it
may be mended and sent again under the same key.

Notes are kept for good: a log that is replayed a year later changes nothing.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import orjson
from sqlalchemy import (
    Column,
    DateTime,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.database import IdText, Query, rows_within, write_json
from kit.errors import InvalidInputError

LONGEST_KEY: Final = 200

KEY_DESCRIPTION: Final = (
    "Chosen by the caller, 1 to 200 characters. The same request sent again with the "
    "same key has no second effect and gets the same answer; another request with "
    "that key is an error. Null: every request counts."
)
VERSION_DESCRIPTION: Final = (
    "The `version` the caller last saw. If the object has changed since, nothing is "
    "written and the error is STALE, with the object as it is now. Null: no check."
)

Result = TypeVar("Result")


def idempotency_table(metadata: MetaData) -> Table:
    """Give a domain the table in which its writes are noted."""
    return Table(
        "idempotency_keys",
        metadata,
        Column("subject", IdText, primary_key=True),
        Column("key", IdText, primary_key=True),
        Column("verb", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        Column("result", JSONB(none_as_null=False)),
        Column(
            "created_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
        ),
    )


async def once(
    session: AsyncSession,
    table: Table,
    work: Callable[[], Awaitable[Result]],
    *,
    subject: str,
    key: str | None,
    verb: str,
    body: object,
) -> Result:
    """Do the work, unless this caller's key says that it is done; give its result.

    The result is what JSON can hold, such as the id of what was written; ``body``
    is the mutation's input. Without a key the work is simply done. Of several that
    arrive together the first holds the note's place until its transaction ends, and
    the others wait there: for its result, or, where it failed, to do the work.

    Raises:
        InvalidInputError: the key was used for something else, or is none.

    """
    if key is None:
        return await work()
    check_key(key)
    print_ = fingerprint(verb, body)
    notes = notes_in(table)
    place = {"subject": subject, "key": key, "verb": verb, "fingerprint": print_}
    mine = {"whose": subject, "name": key}
    if not await rows_within(session, notes.take, **place):
        [row] = await rows_within(session, notes.read, **mine)
        if row["fingerprint"] != print_:
            raise InvalidInputError(
                "This 'idempotencyKey' was used before, for another request."
            )
        return cast("Result", row["result"])
    result = await work()
    await rows_within(session, notes.fill, **mine, outcome=write_json(result))
    return result


@dataclass(frozen=True, slots=True)
class Notes:
    """The statements of one domain's table: made once, as every write sends them."""

    take: Query
    read: Query
    fill: Query


@lru_cache
def notes_in(table: Table) -> Notes:
    """Make the statements of a table."""
    mine = (table.c.subject == bindparam("whose")) & (table.c.key == bindparam("name"))
    place = ("subject", "key", "verb", "fingerprint")
    taken = insert(table).values({name: bindparam(name) for name in place})
    outcome = bindparam("outcome")
    return Notes(
        take=Query(taken.on_conflict_do_nothing().returning(table.c.key)),
        read=Query(select(table.c.fingerprint, table.c.result).where(mine)),
        fill=Query(table.update().where(mine).values(result=outcome)),
    )


def check_key(key: str) -> None:
    """Refuse a key that could not be kept.

    Raises:
        InvalidInputError: it is empty, too long, or has unprintable characters.

    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidInputError(
            f"An 'idempotencyKey' has 1 to {LONGEST_KEY} printable characters."
        )


def fingerprint(verb: str, body: object) -> str:
    """Tell one request from another; a field that was not given does not count.

    >>> fingerprint("createUser", {"name": "Ada"}) == fingerprint(
    ...     "createUser", {"name": "Ada", "manager": UNSET}
    ... )
    True
    >>> fingerprint("createUser", {"name": "Ada"}) == fingerprint(
    ...     "createUser", {"name": "Ada", "manager": None}
    ... )
    False
    """
    text = orjson.dumps([verb, given(body)], default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def given(value: object) -> Any:
    """Reduce an input to what the caller gave: fields left out are left out.

    >>> given({"a": [{"b": UNSET, "c": None}]})
    {'a': [{'c': None}]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return {k: given(v) for k, v in members.items() if v is not UNSET}
    if isinstance(value, list | tuple):
        return [given(each) for each in cast("list[object]", value)]
    return value
