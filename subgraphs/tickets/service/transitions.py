"""The steps of each type's workflow, which administrators set and remove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    ENDED,
    SettingSubject,
    StatusCategory,
    StatusRow,
    TicketType,
    TransitionCheck,
    TransitionRow,
)
from subgraphs.tickets.repository import workflow as stored
from subgraphs.tickets.service import setting_log
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.dead_ends import dead_ends
from subgraphs.tickets.service.transition_ticket import INPUTS

SOLUTION: Final = frozenset({"resolutionCode", "resolutionNotes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Which step of which type's workflow, by the keys of its statuses."""

    type: TicketType
    from_status_key: str
    to_status_key: str

    @property
    def said(self) -> str:
        """The step as the log of settings names it."""
        return f"{self.type.value} {self.from_status_key} → {self.to_status_key}"


async def set_transition(
    session: AsyncSession,
    act: Act,
    between: Between,
    required_fields: Sequence[str],
    checks: Sequence[TransitionCheck],
) -> TransitionRow:
    """Have a step in a type's workflow, with these demands and no others.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND for a status, INVALID for a demand that
            the step cannot have, DEAD_END where tickets would be stuck.

    """
    setting_log.refuse_strangers(act)
    await stored.lock_settings(session)
    source, target = await ends_of(session, between)
    if target.retired_at is not None or between.type.value not in target.applies_to:
        raise RejectedError(
            Code.INVALID,
            f"The status is not in use for {between.type.value}.",
            ("input", "toStatusKey"),
        )
    same = source.id == target.id
    if same and target.category is not StatusCategory.ON_HOLD:
        raise RejectedError(
            Code.INVALID,
            "Only on hold is there a step to where it begins: to another reason.",
            ("input", "toStatusKey"),
        )
    demands = demands_of(required_fields, target.category)
    place = (between.type, source.id, target.id)
    row = await session.get(TransitionRow, place)
    before = said(row)
    if row is None:
        row = TransitionRow(type=between.type, from_id=source.id, to_id=target.id)
        session.add(row)
    row.required_fields = demands
    row.checks = [each.value for each in TransitionCheck if each in checks]
    await session.flush()
    await check_workflow(session, [between.type], ("input", "toStatusKey"))
    setting_log.note(
        session,
        act,
        SettingSubject.TRANSITION,
        between.said,
        before=before,
        after=said(row),
    )
    return row


async def remove_transition(session: AsyncSession, act: Act, between: Between) -> None:
    """Take a step out of a type's workflow.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND for a status or the step, DEAD_END where
            tickets would be stuck.

    """
    setting_log.refuse_strangers(act)
    await stored.lock_settings(session)
    source, target = await ends_of(session, between)
    row = await session.get(TransitionRow, (between.type, source.id, target.id))
    if row is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such step.", ("input", "toStatusKey")
        )
    before = said(row)
    await session.delete(row)
    await session.flush()
    await check_workflow(session, [between.type], ("input", "toStatusKey"))
    setting_log.note(
        session, act, SettingSubject.TRANSITION, between.said, before=before, after=None
    )


async def ends_of(
    session: AsyncSession, between: Between
) -> tuple[StatusRow, StatusRow]:
    """Find where a step begins and where it leads.

    Raises:
        RejectedError: NOT_FOUND.

    """
    known = {each.key: each for each in await stored.statuses(session)}
    for name, key in (
        ("fromStatusKey", between.from_status_key),
        ("toStatusKey", between.to_status_key),
    ):
        if key not in known:
            raise RejectedError(
                Code.NOT_FOUND, "There is no such status.", ("input", name)
            )
    return known[between.from_status_key], known[between.to_status_key]


def demands_of(given: Sequence[str], category: StatusCategory) -> list[str]:
    """Check what a step to a category demands; on hold always takes a reason.

    >>> demands_of(["note"], StatusCategory.ON_HOLD)
    ['holdReason', 'note']

    Raises:
        RejectedError: INVALID for what the step could never be given.

    """
    possible = set(INPUTS)
    if category is not StatusCategory.ON_HOLD:
        possible -= {"holdReason"}
    if category not in {StatusCategory.RESOLVED, StatusCategory.CLOSED}:
        possible -= SOLUTION
    for number, name in enumerate(given):
        if name not in possible:
            raise RejectedError(
                Code.INVALID,
                f"A step to {category.value} cannot demand this; it can: "
                f"{', '.join(sorted(possible))}.",
                ("input", "requiredFields", str(number)),
            )
    wanted = set(given)
    if "resolutionNotes" in wanted:
        wanted.add("resolutionCode")  # notes are kept with a code alone
    if category is StatusCategory.ON_HOLD:
        wanted.add("holdReason")
    return [name for name in INPUTS if name in wanted]


async def check_workflow(
    session: AsyncSession, types: Iterable[TicketType], path: Sequence[str]
) -> None:
    """Refuse a workflow in which a ticket could be stuck.

    Raises:
        RejectedError: DEAD_END: a type has no status to begin with, or a status that
            a ticket can be in cannot be left to an end.

    """
    statuses = await stored.statuses(session)
    steps = await stored.transitions(session)
    for kind in types:
        used = [
            each
            for each in statuses
            if kind.value in each.applies_to and each.retired_at is None
        ]
        begin = next((e for e in used if e.category is StatusCategory.NEW), None)
        if begin is None:
            raise RejectedError(
                Code.DEAD_END,
                f"{kind.value} would have no status to begin with.",
                path,
            )
        open_to = {each.id for each in used}
        mine = [
            (each.from_id, each.to_id)
            for each in steps
            if each.type is kind and each.to_id in open_to
        ]
        ends = {each.id: each.category in ENDED for each in statuses}
        ends |= {each.id: False for each in statuses if each.id not in open_to}
        every_stuck = dead_ends(mine, begin.id, list(ends), ends)
        within = dead_ends(mine, begin.id, [], ends)
        stuck = within | await stored.occupied(session, kind, every_stuck - within)
        stuck -= {each.id for each in statuses if each.category in ENDED}
        if stuck:
            names = ", ".join(repr(e.name) for e in statuses if e.id in stuck)
            raise RejectedError(
                Code.DEAD_END,
                f"From {names} no way would lead {kind.value} to an end.",
                path,
            )


def said(row: TransitionRow | None) -> dict[str, Any] | None:
    """Write a step as the log of settings has it."""
    if row is None:
        return None
    return {"requiredFields": row.required_fields, "checks": row.checks}
