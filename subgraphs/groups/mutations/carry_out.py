"""How every mutation runs: once for its key, refusals as data."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import RejectedError
from kit.idempotency import once
from subgraphs.groups.context import Context, Info
from subgraphs.groups.models import IDEMPOTENCY
from subgraphs.groups.service import groups
from subgraphs.groups.types.groups import Group
from subgraphs.groups.types.payloads import GroupUserError


class WithKey(Protocol):
    """An input that may be sent twice."""

    idempotency_key: str | None


Work = Callable[[AsyncSession], Awaitable[str]]
Check = Callable[[], Awaitable[None]]


async def changed_group(
    info: Info, verb: str, input: WithKey, work: Work, *, check: Check | None = None
) -> tuple[Group | None, list[GroupUserError]]:
    """Check elsewhere, do the work once, then read the group anew."""
    context = info.context
    try:
        groups.require_manager(context.identity)
        if check is not None:
            await check()
    except RejectedError as rejected:
        return None, [GroupUserError.of(rejected)]
    group_id, errors = await change(context, verb, input, work)
    return await Group.by_id(context, group_id), errors


async def change(
    context: Context, verb: str, input: WithKey, work: Work
) -> tuple[str | None, list[GroupUserError]]:
    """Run one unit of work under the input's key; say what to read, and what failed."""

    async def keyed(session: AsyncSession) -> str:
        return await once(
            session,
            IDEMPOTENCY,
            lambda: work(session),
            subject=context.identity.subject,
            key=input.idempotency_key,
            verb=verb,
            body=input,
        )

    outcome = await context.database.attempt(keyed)
    context.forget()
    if not isinstance(outcome, RejectedError):
        return outcome, []
    current = outcome.current if isinstance(outcome.current, str) else None
    return current, [GroupUserError.of(outcome)]


def given(input: object, fields: Iterable[str]) -> dict[str, Any]:
    """Take those fields that the caller gave, null included."""
    found = {name: getattr(input, name, UNSET) for name in fields}
    return {name: value for name, value in found.items() if value is not UNSET}
