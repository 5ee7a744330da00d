"""Every change of groups, members and availability is an event, and nothing else is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.scalars import write_instant
from tests.e2e.groups.conftest import Teams
from tests.e2e.groups.test_members import ADD, AVAILABLE, REMOVE

FEED = """
{ groupEventFeed { events { entityId seq kind actorId payload } caughtUp } }
"""
UPDATE = """
mutation ($in: UpdateGroupInput!) { updateGroup(input: $in) { userErrors { code } } }
"""
FOLLOWER: dict[str, Any] = {
    "subject": "sva_1",
    "scopes": ["events:read"],
    "session": None,
}


async def told(teams: Teams) -> list[tuple[str, int, str, Any]]:
    feed = (await teams.data(FEED, **FOLLOWER))["groupEventFeed"]
    assert feed["caughtUp"] is True
    return [
        (each["kind"], each["seq"], each["entityId"], each["payload"])
        for each in feed["events"]
    ]


async def test_a_group_is_told_whole_and_its_members_as_they_come_and_go(
    teams: Teams,
) -> None:
    key = await teams.make("Network", leadId=teams.ada)
    both: dict[str, Any] = {"userIds": [teams.ada, teams.bob]}
    skills: dict[str, Any] = {"skills": ["dns"], "capacity": 5}
    await teams.send(ADD, groupId=key, **both, **skills)
    await teams.send(REMOVE, groupId=key, userIds=[teams.ada])
    moved: dict[str, Any] = {"leadId": teams.bob, "assignmentPolicy": "ROUND_ROBIN"}
    for _ in range(2):  # the second time, nothing changes
        assert await teams.send(UPDATE, id=key, **moved) == {"userErrors": []}
    whole = {
        "name": "Network",
        "kind": "ASSIGNMENT",
        "parentId": None,
        "departmentId": None,
        "leadId": teams.ada,
        "email": None,
        "assignmentPolicy": "MANUAL",
        "absentAssignees": "WARN",
    }
    assert await told(teams) == [
        ("GROUP_CREATED", 1, key, whole),
        ("MEMBERS_ADDED", 2, key, {**both, **skills}),
        ("MEMBERS_REMOVED", 3, key, {"userIds": [teams.ada]}),
        ("GROUP_CHANGED", 4, key, {**whole, **moved}),
    ]


async def test_who_is_away_is_told_of_the_person(teams: Teams) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    away: dict[str, Any] = {"availability": "AWAY", "until": write_instant(until)}
    await teams.send(AVAILABLE, teams.reader, **away)
    later = {**away, "startsAt": write_instant(until - timedelta(hours=1))}
    await teams.send(AVAILABLE, teams.reader, **later)
    await teams.send(AVAILABLE, teams.reader, availability="AVAILABLE")
    back = {"availability": "AVAILABLE", "startsAt": None, "until": None}
    events = await told(teams)
    noted = [payload.pop("absences") for _, _, _, payload in events]
    assert events == [
        ("AVAILABILITY_CHANGED", 1, teams.bob, {**away, "startsAt": None}),
        ("AVAILABILITY_CHANGED", 2, teams.bob, later),
        ("AVAILABILITY_CHANGED", 3, teams.bob, back),
    ]
    begun = noted[0][0]["startsAt"]
    assert noted == [  # all that is noted of the person then
        [{**away, "startsAt": begun}],
        [{**away, "startsAt": begun, "until": later["startsAt"]}, later],
        [later],
    ]


async def test_what_is_refused_is_no_event(teams: Teams) -> None:
    await teams.make("Network")
    before = await told(teams)
    await teams.refused(REMOVE, groupId=before[0][2], userIds=[teams.ada])
    assert await told(teams) == before


async def test_only_who_may_follow_reads_the_feed(teams: Teams) -> None:
    with teams.counted() as statements:
        answer = await teams.ask(FEED, **teams.admin)
    assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert statements == []
