"""Who does something, when, and through what: the frame of every change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kit.errors import RejectedError
from kit.identity import Identity, Kind
from kit.ids import is_id
from kit.logs import request_id
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import Via

CLOCK_SKEW: Final = timedelta(minutes=5)
"""An integration's clock may run so far ahead of ours."""

DESK: Final = Identity("desk", Kind.SERVICE)
"""The caller of what comes about by itself; it has no right, and is asked for none."""


@dataclass(frozen=True, slots=True)
class Act:
    """One change, or several that belong together.

    ``actor_id`` is the id of the user who did it, or of the service account; None
    where the desk itself did. ``noted_at`` is when we were told, long after ``at``
    for what an import retells.
    """

    caller: Identity
    at: datetime
    actor_id: str | None
    via: Via
    request_id: str | None
    noted_at: datetime

    @property
    def person_id(self) -> str | None:
        """Who did it, if it was a person."""
        found = self.actor_id
        return found if found and is_id(found, "usr") else None


def act_of(
    caller: Identity,
    *,
    occurred_at: datetime | None = None,
    actor_id: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Frame what a caller does now, or retells of the past with the right to.

    Raises:
        RejectedError: FORBIDDEN, the right is missing; INVALID, the instant is yet
            to come or the actor is no user.

    """
    now = now or datetime.now(UTC)
    if occurred_at is None and actor_id is None:
        via = Via.PORTAL if caller.kind is Kind.USER else Via.API
        return Act(caller, now, caller.subject, via, request_id.get(), now)
    if not policy.can_retell(caller):
        raise RejectedError(
            Code.FORBIDDEN,
            "Only an import may say when something happened, or who did it.",
            ("input", "actorId" if occurred_at is None else "occurredAt"),
        )
    if occurred_at is not None and occurred_at > now + CLOCK_SKEW:
        raise RejectedError(
            Code.INVALID, "That instant is yet to come.", ("input", "occurredAt")
        )
    if actor_id is not None and not is_id(actor_id, "usr"):
        raise RejectedError(Code.INVALID, "An actor is a user.", ("input", "actorId"))
    return Act(
        caller,
        occurred_at or now,
        actor_id or caller.subject,
        Via.IMPORT,
        request_id.get(),
        now,
    )


def act_of_desk(now: datetime | None = None) -> Act:
    """Frame what comes about by itself: nobody asked, nobody is the actor."""
    now = now or datetime.now(UTC)
    return Act(DESK, now, None, Via.AUTOMATION, None, now)
