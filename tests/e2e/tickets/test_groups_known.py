"""The copy of groups: who can be given work at an instant, absences ahead included."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.ids import new_id
from kit.outbox.follower import Told
from kit.scalars import write_instant
from subgraphs.tickets.repository.groups_known import available_members_known
from subgraphs.tickets.service.follow_groups import apply

Desk = Any  # the fixture's class; test folders are not packages

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(kind: str, of: str, at: datetime, **payload: Any) -> Told:
    """Tell an event of groups."""
    return Told(
        id=new_id("evt"),
        entity_id=of,
        seq=1,
        kind=kind,
        at=at,
        actor_id=None,
        request_id=None,
        payload=payload,
    )


def away(
    who: str,
    *,
    at: datetime = NOON,
    availability: str = "AWAY",
    starts: datetime | None = None,
    until: datetime | None = None,
    **more: Any,
) -> Told:
    """Tell what somebody noted about whether they can be given work."""
    return told(
        "AVAILABILITY_CHANGED",
        who,
        at,
        availability=availability,
        startsAt=starts and write_instant(starts),
        until=until and write_instant(until),
        **more,
    )


class Team:
    """A group of one, followed."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.key, self.eva = desk, new_id("grp"), new_id("usr")

    async def follow(self, *events: Told) -> None:
        async with self.desk.service.database.unit_of_work() as session:
            await apply(session, events)

    async def begin(self, *events: Told) -> None:
        whole = {"skills": [], "capacity": None, "userIds": [self.eva]}
        joined = told("MEMBERS_ADDED", self.key, NOON - HOUR, **whole)
        await self.follow(joined, *events)

    async def there(self, now: datetime) -> bool:
        async with self.desk.service.database.unit_of_work() as session:
            found = await available_members_known(session, self.key, now)
        return [row.user_id for row in found] == [self.eva]

    async def there_at(self, *hours: int) -> list[bool]:
        return [await self.there(NOON + each * HOUR) for each in hours]


async def test_a_leave_to_come_begins_and_ends_without_another_event(
    desk: Desk,
) -> None:
    team = Team(desk)
    leave = away(team.eva, starts=NOON + 2 * HOUR, until=NOON + 4 * HOUR)
    await team.begin(leave)
    assert await team.there_at(0, 1, 2, 3, 4) == [True, True, False, False, True]


async def test_what_is_said_of_now_ends_what_had_begun_and_no_leave_to_come(
    desk: Desk,
) -> None:
    team = Team(desk)
    await team.begin(
        away(team.eva, availability="BUSY"),
        away(team.eva, starts=NOON + 5 * HOUR),
    )
    assert await team.there_at(0, 2, 6) == [False, False, False]
    back = away(team.eva, at=NOON + HOUR, availability="AVAILABLE")
    await team.follow(back)
    assert await team.there_at(1, 4, 5) == [True, True, False]


async def test_of_what_was_said_of_one_time_the_last_that_began_counts(
    desk: Desk,
) -> None:
    team = Team(desk)
    await team.begin(
        away(team.eva, until=NOON + 9 * HOUR),
        away(team.eva, starts=NOON + 2 * HOUR, until=NOON + 3 * HOUR),
    )
    assert await team.there_at(1, 2, 3, 8, 9) == [False, False, False, False, True]
    covering = away(team.eva, starts=NOON + HOUR, until=NOON + 4 * HOUR)
    other = away(team.eva, starts=NOON + 2 * HOUR, until=NOON + 12 * HOUR)
    await team.follow(other, covering)  # takes the place of what it covers
    assert await team.there_at(1, 9, 11) == [False, True, True]


async def test_what_an_event_tells_whole_is_known_in_place_of_all_before(
    desk: Desk,
) -> None:
    team = Team(desk)
    await team.begin(away(team.eva), away(team.eva, starts=NOON + 5 * HOUR))
    part = {
        "availability": "BUSY",
        "startsAt": write_instant(NOON + 2 * HOUR),
        "until": write_instant(NOON + 3 * HOUR),
    }
    later = {**part, "startsAt": write_instant(NOON + 9 * HOUR), "until": None}
    whole: dict[str, Any] = {"at": NOON + HOUR, "availability": "AVAILABLE"}
    await team.follow(away(team.eva, **whole, absences=[part, later]))
    assert await team.there_at(1, 2, 3, 6, 9) == [True, False, True, True, False]
    await team.follow(away(team.eva, **whole, absences=[]))
    assert await team.there_at(1, 2, 9) == [True, True, True]
