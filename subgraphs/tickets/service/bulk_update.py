"""The same change of many tickets: each by its own verbs, and each whole or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.repository import relations
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.assign_many import Many
from subgraphs.tickets.service.assign_ticket import assign_ticket
from subgraphs.tickets.service.assignment import Plan
from subgraphs.tickets.service.transition_ticket import Step, transition_ticket
from subgraphs.tickets.service.update_ticket import update_ticket

MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What of each ticket changes; what is empty does not."""

    assignment: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    step: Step | None = None
    note: str | None = None
    many: Many = field(default_factory=Many)
    """What was learned of who is to have them."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it, by the ids of tickets."""

    updated: list[str]
    failures: dict[str, RejectedError]
    warnings: dict[str, list[str]]
    """What was done all the same, of tickets that were changed."""


class RehearsedError(Exception):
    """It was a dry run: its unit of work must leave nothing behind."""

    def __init__(self, report: Report) -> None:
        super().__init__("a dry run")
        self.report = report


def check_change(change: Change, of_a_step: Mapping[str, object]) -> None:
    """Refuse a change of nothing, and what belongs to a step where none is taken.

    ``of_a_step`` are inputs by their names.

    Raises:
        RejectedError: REQUIRED or INVALID.

    """
    for name, given in of_a_step.items():
        if given is not None and change.step is None:
            raise RejectedError(
                Code.INVALID,
                "Without 'toStatusKey' there is no step that it belongs to.",
                ("input", "set", name),
            )
    if not change.assignment and not change.fields and change.step is None:
        raise RejectedError(Code.REQUIRED, "Say what is to change.", ("input", "set"))


def check_ids(ids: list[str]) -> list[str]:
    """Take each ticket once.

    Raises:
        RejectedError: REQUIRED for none, TOO_LONG for more than may be.

    """
    found = list(dict.fromkeys(ids))
    if not found:
        raise RejectedError(Code.REQUIRED, "Say which tickets.", ("input", "ids"))
    if len(found) > MOST_AT_ONCE:
        raise too_many("ids")
    return found


def too_many(name: str) -> RejectedError:
    """Say that nothing was done, because it was to be done too often."""
    return RejectedError(
        Code.TOO_LONG,
        f"These are more than {MOST_AT_ONCE} tickets; none was changed.",
        ("input", name),
    )


async def bulk_update(
    session: AsyncSession, act: Act, ids: list[str], change: Change
) -> Report:
    """Change tickets one after the other, by the verbs that would change each alone.

    It is one unit of work, so that an idempotency key stands for all of it, with a
    savepoint for each ticket: one that fails is as it was before, and the others go
    on. They are locked first and in the order of their ids, so that two such changes
    never wait for each other in a ring.
    """
    locked = await relations.lock_tickets(session, ids)
    report = Report([], {}, {})
    for key in ids:
        try:
            async with session.begin_nested():
                ticket = locked.get(key)
                plan = change.many.plan(ticket and ticket.group_id)
                await apply(session, act, key, change, plan)
        except RejectedError as rejected:
            report.failures[key] = rejected
        else:
            report.updated.append(key)
            if plan.warnings:
                report.warnings[key] = plan.warnings
    return report


async def apply(
    session: AsyncSession, act: Act, key: str, change: Change, plan: Plan
) -> None:
    """Change one ticket.

    Raises:
        RejectedError: what its verbs say.

    """
    if change.assignment:
        given, note = change.assignment, change.note
        await assign_ticket(session, act, key, None, given, note=note, plan=plan)
    if change.fields:
        await update_ticket(session, act, key, None, change.fields)
    if change.step is not None:
        await transition_ticket(session, act, key, None, change.step)
