"""Write an event in the transaction that made it."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Query, write_json, write_within
from kit.identity import Identity
from kit.ids import new_id
from kit.logs import request_id


async def record(
    session: AsyncSession,
    table: Table,
    caller: Identity,
    kind: Enum,
    *,
    of: str,
    payload: Mapping[str, Any],
) -> None:
    """Say what happened to an entity, by its id; it is true if the unit of work is.

    ``payload`` is what JSON can hold, and nothing that must be forgotten one day: an
    event is never changed, so names and addresses of people do not go into it.
    """
    await record_all(session, table, caller, [(kind, of, payload)])


async def record_all(
    session: AsyncSession,
    table: Table,
    caller: Identity,
    happened: Sequence[tuple[Enum, str, Mapping[str, Any]]],
) -> None:
    """Say what happened to several entities, in this order; as `record` says it."""
    if not happened:
        return
    await write_within(
        session,
        _added_to(table),
        [
            {
                "id": new_id("evt"),
                "entity_id": of,
                "kind": kind.value,
                "actor_id": caller.subject or None,
                "request_id": request_id.get(),
                "payload": write_json(payload),
            }
            for kind, of, payload in happened
        ],
    )


@lru_cache
def _added_to(table: Table) -> Query:
    """Make the statement of a table, once: every change sends it."""
    names = ("id", "entity_id", "kind", "actor_id", "request_id", "payload")
    return Query(insert(table).values({name: bindparam(name) for name in names}))
