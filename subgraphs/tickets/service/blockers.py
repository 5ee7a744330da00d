"""Why a step that the workflow has cannot be taken now, in sentences."""

from datetime import datetime, timedelta
from typing import Final

from kit.errors import RejectedError
from kit.identity import Identity
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import TransitionCheck

SENTENCES: Final = {
    TransitionCheck.OPEN_CHILDREN: "Tickets that are part of it are open.",
    TransitionCheck.APPROVAL_PENDING: "It needs somebody's consent first.",
    TransitionCheck.MISSING_ROOT_CAUSE: "Its root cause is not written down.",
    TransitionCheck.MISSING_PLAN: "Its plan is not complete: when it begins, when it "
    "ends, and how it is taken back.",
    TransitionCheck.MISSING_GROUP: "No group has it.",
    TransitionCheck.MISSING_ASSIGNEE: "Nobody is assigned to it.",
    TransitionCheck.MISSING_CATEGORY: "It has no category.",
}
CODES: Final = {
    TransitionCheck.OPEN_CHILDREN: Code.OPEN_CHILDREN,
    TransitionCheck.APPROVAL_PENDING: Code.APPROVAL_PENDING,
}
"""Those that clients may want to tell apart; the rest are TRANSITION_BLOCKED."""


def refuse(checks: list[TransitionCheck]) -> None:
    """Refuse a step that these checks block.

    Raises:
        RejectedError: there are any.

    """
    if checks:
        raise RejectedError(
            CODES.get(checks[0], Code.TRANSITION_BLOCKED),
            " ".join(SENTENCES[check] for check in checks),
            ("input", "toStatusKey"),
        )


def too_late(
    caller: Identity,
    ended_at: datetime | None,
    reopen_within: timedelta | None,
    now: datetime,
) -> str | None:
    """Say why a ticket may not be reopened any more, or None where it may.

    Who may change the workflow may also reopen what ended long ago.

    >>> ended, days = datetime(2026, 3, 1), timedelta(days=14)
    >>> too_late(Identity("usr_1"), ended, days, datetime(2026, 3, 16))
    'It ended more than 14 days ago: open a new ticket.'
    >>> too_late(Identity("usr_1"), ended, None, datetime(2030, 1, 1)) is None
    True
    """
    if ended_at is None or reopen_within is None or policy.can_manage(caller):
        return None
    if now - ended_at <= reopen_within:
        return None
    return f"It ended more than {span(reopen_within)} ago: open a new ticket."


def span(time: timedelta) -> str:
    """Write a time for people, to its largest whole unit.

    >>> span(timedelta(days=14)), span(timedelta(hours=1)), span(timedelta(minutes=90))
    ('14 days', '1 hour', '90 minutes')
    """
    seconds = round(time.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds and seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
