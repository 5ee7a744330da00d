"""Write an event in the transaction that made it."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

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
    await session.execute(
        insert(table),
        [
            {
                "id": new_id("evt"),
                "entity_id": of,
                "kind": kind.value,
                "actor_id": caller.subject or None,
                "request_id": request_id.get(),
                "payload": dict(payload),
            }
            for kind, of, payload in happened
        ],
    )
