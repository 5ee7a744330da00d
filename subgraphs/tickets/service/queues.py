"""Making, changing and retiring queues."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_NAME, QueueRow, QueueVisibility
from subgraphs.tickets.policy import queues as policy
from subgraphs.tickets.repository import queues
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.act import Act

MOST_OWNED: Final = 100
NAMES: Final = ("name", "visibility", "group_id", "filter", "order_by")


async def create_queue(
    session: AsyncSession, act: Act, groups: frozenset[str], given: Mapping[str, Any]
) -> QueueRow:
    """Make a queue of what is given under the columns' names.

    Raises:
        RejectedError: FORBIDDEN, TOO_LONG for more than one may own, or what `checked`
            says.

    """
    if not policy.can_make(act.caller):
        raise RejectedError(Code.FORBIDDEN, "You may not make queues.")
    if await queues.queues_owned(session, act.caller.subject) >= MOST_OWNED:
        raise RejectedError(Code.TOO_LONG, f"You have {MOST_OWNED} queues already.")
    row = QueueRow(
        id=new_id("que"),
        owner_id=act.caller.subject,
        created_at=act.at,
        updated_at=act.at,
        version=1,
        group_id=None,
    )
    assign(row, act, groups, given)
    session.add(row)
    return row


async def update_queue(
    session: AsyncSession,
    act: Act,
    groups: frozenset[str],
    key: str,
    expected_version: int | None,
    *,
    given: Mapping[str, Any],
) -> QueueRow:
    """Change of a queue what is given; with nothing new its version stays.

    Raises:
        RejectedError: what `take` or `assign` says.

    """
    row = await take(session, act, groups, key, expected_version)
    before = [getattr(row, name) for name in NAMES]
    assign(row, act, groups, given)
    if [getattr(row, name) for name in NAMES] != before:
        row.version += 1
        row.updated_at = act.at
    return row


async def retire_queue(
    session: AsyncSession,
    act: Act,
    groups: frozenset[str],
    key: str,
    expected_version: int | None,
) -> None:
    """Take a queue out of use, for good.

    Raises:
        RejectedError: what `take` says.

    """
    row = await take(session, act, groups, key, expected_version)
    row.retired_at = row.updated_at = act.at
    row.version += 1


async def take(
    session: AsyncSession,
    act: Act,
    groups: frozenset[str],
    key: str,
    expected_version: int | None,
) -> QueueRow:
    """Lock a queue that the caller may change.

    Raises:
        RejectedError: NOT_FOUND (or not to be seen), FORBIDDEN, STALE.

    """
    row = await queues.lock_queue(session, key)
    if row is None or not policy.can_see(act.caller, row, groups):
        raise RejectedError(Code.NOT_FOUND, "There is no such queue.", ("input", "id"))
    if not policy.can_change(act.caller, row, groups):
        raise RejectedError(Code.FORBIDDEN, "This queue is somebody else's.")
    check_version(row, expected_version, Code.STALE, "The queue")
    return row


def assign(
    row: QueueRow, act: Act, groups: frozenset[str], given: Mapping[str, Any]
) -> None:
    """Check what is given and put it into a queue.

    Raises:
        RejectedError: a name that cannot be kept; INVALID, what is no group's id;
            FORBIDDEN, another's group; REQUIRED, GROUP without a group.

    """
    if "name" in given:
        row.name = texts.line(given["name"], "name", LONGEST_NAME)
    if "visibility" in given:
        row.visibility = given["visibility"] or QueueVisibility.OWNER
    if "group_id" in given and given["group_id"] != row.group_id:
        row.group_id = texts.foreign_id(given["group_id"], "grp", "groupId", "group")
        if not policy.can_share(act.caller, row.group_id, groups):
            raise RejectedError(
                Code.FORBIDDEN,
                "You may make queues for your own groups only.",
                ("input", "groupId"),
            )
    if row.visibility is QueueVisibility.GROUP and row.group_id is None:
        raise RejectedError(Code.REQUIRED, "Say for which group.", ("input", "groupId"))
    if "filter" in given:
        row.filter = given["filter"] or {}
    if "order_by" in given:
        row.order_by = given["order_by"] or []
