"""When somebody can be given no work: times that never overlap."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from subgraphs.groups import events, policy
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.models import MOST_ABSENCES, Availability
from subgraphs.groups.repository import absences as noted
from subgraphs.groups.repository.absences import Absence
from subgraphs.groups.service.words import refuse

FURTHEST: Final = timedelta(days=731)
"""How far ahead somebody can say that they will be away."""

LONGEST: Final = timedelta(days=3_660)
"""How far ahead an end can lie."""


def without(
    absences: Iterable[Absence], since: datetime, until: datetime | None
) -> list[Absence]:
    """Cut a time out of absences; what lasts longer goes on when it is over.

    >>> days = [datetime(2026, 12, day, tzinfo=UTC) for day in (1, 5, 9, 12)]
    >>> leave = Absence(days[0], days[3], Availability.AWAY)
    >>> [(a.starts_at.day, a.until.day) for a in without([leave], days[1], days[2])]
    [(1, 5), (9, 12)]
    """
    left: dict[datetime, Absence] = {}
    for each in absences:
        if each.starts_at < since:
            ends = since if each.until is None else min(each.until, since)
            left[each.starts_at] = each._replace(until=ends)
        if until is not None and (each.until is None or each.until > until):
            begins = max(each.starts_at, until)
            left[begins] = each._replace(starts_at=begins)
    return [left[begins] for begins in sorted(left)]


async def set_availability(
    session: AsyncSession,
    caller: Identity,
    *,
    user_id: str | None,
    availability: Availability,
    starts_at: datetime | None,
    until: datetime | None,
) -> str:
    """Say whether somebody can be given work, from when until when; return their id.

    Without ``user_id`` it is the caller's own; ``starts_at`` None is now. What is said
    of now ends what had begun; what is said of a time to come takes the place of what
    was said of that time, and to be available then takes it back.

    Raises:
        RejectedError: FORBIDDEN for who is no person, or says it of somebody else
            without the right to; INVALID for an end that is past, absurd or before
            the beginning, or that being available from now on has; TOO_LONG for too
            many.

    """
    whose = user_id or caller.subject
    if not policy.can_set_availability(caller, whose):
        raise refuse(Code.FORBIDDEN, "Only people are available, or not.")
    now = datetime.now(UTC)
    begins = max(starts_at or now, now)
    is_back = availability is Availability.AVAILABLE
    if is_back and until and begins == now:
        raise refuse(Code.INVALID, "Being available now has no end.", "until")
    check_period(now, begins, until)
    await noted.lock_absences(session, whose)
    known = await noted.absences_of(session, whose, now)
    if begins == now:
        known = [each for each in known if each.starts_at > now]
    if begins > now or not is_back:
        known = without(known, begins, until)
    if not is_back:
        known.append(Absence(begins, until, availability))
    if len(known) > MOST_ABSENCES:
        raise refuse(
            Code.TOO_LONG, f"At most {MOST_ABSENCES} can be noted.", "startsAt"
        )
    known.sort(key=attrgetter("starts_at"))
    await noted.put_absences(session, whose, known)
    await events.availability_changed(
        session,
        caller,
        whose,
        availability,
        starts_at=begins if begins > now else None,
        until=until,
        absences=known,
    )
    return whose


def check_period(now: datetime, begins: datetime, until: datetime | None) -> None:
    """Refuse a time that cannot be.

    Raises:
        RejectedError: INVALID.

    """
    if until is not None and until <= now:
        raise refuse(Code.INVALID, "'until' has passed.", "until")
    if until is not None and until <= begins:
        raise refuse(Code.INVALID, "It ends before it begins.", "until")
    if begins > now + FURTHEST:
        raise refuse(Code.INVALID, "'startsAt' is too far away.", "startsAt")
    if until is not None and until > now + LONGEST:
        raise refuse(Code.INVALID, "'until' is too far away.", "until")
