"""How every mutation of a group runs: its people checked, then written, then shown."""

from collections.abc import Awaitable, Callable

from kit.writes import Input, Work, carry_out
from subgraphs.groups.context import Info
from subgraphs.groups.models import IDEMPOTENCY
from subgraphs.groups.service import groups
from subgraphs.groups.types.groups import Group
from subgraphs.groups.types.payloads import GroupUserError

Check = Callable[[], Awaitable[None]]


async def changed_group(
    info: Info, verb: str, input: Input, work: Work[str], *, check: Check | None = None
) -> tuple[Group | None, list[GroupUserError]]:
    """Check elsewhere, do the work once, then read the group anew."""
    context = info.context

    async def prepare() -> Work[str]:
        groups.require_manager(context.identity)
        if check is not None:
            await check()
        return work

    done = await carry_out(context, IDEMPOTENCY, verb, input, prepare)
    group = await Group.by_id(context, done.shown)
    return group, done.errors(GroupUserError.of)
