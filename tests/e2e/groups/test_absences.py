"""Being away: from now or a day to come, said by oneself or by who manages groups."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.ids import new_id
from subgraphs.groups.models import Availability
from subgraphs.groups.repository.absences import Absence, put_absences

NOW = datetime.now(UTC)

SET = """
mutation ($in: SetAvailabilityInput!) {
  setAvailability(input: $in) {
    userErrors { code path }
    user { id availability awayUntil absences { availability lastsUntil } }
  }
}
"""
MEMBER = """
mutation ($in: UpdateGroupMemberInput!) {
  updateGroupMember(input: $in) {
    userErrors { code path } edge { node { id } capacity skills } group { version }
  }
}
"""
ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) { userErrors { code } }
}
"""


def at(**ahead: float) -> str:
    instant = datetime.now(UTC) + timedelta(**ahead)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


async def test_a_leave_to_come_is_noted_and_does_not_count_yet(teams: Any) -> None:
    until = at(days=20)
    leave = {"availability": "AWAY", "startsAt": at(days=10), "until": until}
    payload = await teams.send(SET, by=teams.reader, **leave)
    assert payload == {
        "userErrors": [],
        "user": {
            "id": teams.bob,
            "availability": "AVAILABLE",
            "awayUntil": None,
            "absences": [{"availability": "AWAY", "lastsUntil": until}],
        },
    }
    ill = await teams.send(SET, by=teams.reader, availability="AWAY", until=at(days=2))
    assert ill["user"]["availability"] == "AWAY"
    assert len(ill["user"]["absences"]) == 2
    back = await teams.send(SET, by=teams.reader, availability="AVAILABLE")
    assert back["user"]["availability"] == "AVAILABLE"
    assert back["user"]["absences"] == [{"availability": "AWAY", "lastsUntil": until}]


async def test_what_is_said_later_of_the_same_time_takes_its_place(teams: Any) -> None:
    for word in ("AWAY", "BUSY"):
        given = {"availability": word, "startsAt": at(days=1), "until": at(days=3)}
        await teams.send(SET, by=teams.reader, **given)
    wider = {"startsAt": at(hours=20), "until": at(days=4)}
    payload = await teams.send(SET, by=teams.reader, availability="OFF_SHIFT", **wider)
    assert [a["availability"] for a in payload["user"]["absences"]] == ["OFF_SHIFT"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"startsAt": at(days=2), "until": at(days=1)}, "until"),
        ({"until": "2001-01-01T00:00:00Z"}, "until"),
        ({"startsAt": "2999-01-01T00:00:00Z"}, "startsAt"),
        ({"until": "2999-01-01T00:00:00Z"}, "until"),
        ({"availability": "AVAILABLE", "until": at(days=1)}, "until"),
    ],
)
async def test_a_time_that_cannot_be_is_refused(
    teams: Any, given: dict[str, Any], path: str
) -> None:
    payload = await teams.send(
        SET, by=teams.reader, **{"availability": "AWAY", **given}
    )
    assert payload["userErrors"] == [{"code": "INVALID", "path": ["input", path]}]
    back = await teams.send(SET, by=teams.reader, availability="AVAILABLE")
    assert back["user"]["absences"] == []


async def test_who_is_ill_before_a_leave_is_on_leave_afterwards(teams: Any) -> None:
    week, fortnight = at(days=7), at(days=14)
    leave = {"startsAt": at(days=5), "until": fortnight}
    await teams.send(SET, by=teams.reader, availability="AWAY", **leave)
    ill = await teams.send(SET, by=teams.reader, availability="AWAY", until=week)
    assert ill["user"]["awayUntil"] == fortnight
    assert ill["user"]["absences"] == [
        {"availability": "AWAY", "lastsUntil": week},
        {"availability": "AWAY", "lastsUntil": fortnight},
    ]
    shift = {"startsAt": at(days=9), "until": at(days=10)}
    payload = await teams.send(SET, by=teams.reader, availability="BUSY", **shift)
    assert [
        (each["availability"], each["lastsUntil"])
        for each in payload["user"]["absences"]
    ] == [
        ("AWAY", week),
        ("AWAY", shift["startsAt"]),
        ("BUSY", shift["until"]),
        ("AWAY", fortnight),
    ]


async def test_a_leave_to_come_is_taken_back_whole_or_in_part(teams: Any) -> None:
    first = {"startsAt": at(days=10), "until": at(days=20)}
    second = {"startsAt": at(days=30), "until": at(days=40)}
    for leave in (first, second):
        await teams.send(SET, by=teams.reader, availability="AWAY", **leave)
    back = {"startsAt": at(days=15), "until": at(days=25)}
    payload = await teams.send(SET, by=teams.reader, availability="AVAILABLE", **back)
    left = [
        {"availability": "AWAY", "lastsUntil": back["startsAt"]},
        {"availability": "AWAY", "lastsUntil": second["until"]},
    ]
    assert payload == {
        "userErrors": [],
        "user": {
            "id": teams.bob,
            "availability": "AVAILABLE",
            "awayUntil": None,
            "absences": left,
        },
    }
    back = {"startsAt": at(days=25)}
    payload = await teams.send(SET, by=teams.reader, availability="AVAILABLE", **back)
    assert payload["user"]["absences"] == left[:1]


async def test_what_is_over_does_not_count_among_what_may_be_noted(teams: Any) -> None:
    async with teams.service.database.unit_of_work() as session:
        rows = [
            Absence(begins, begins + timedelta(days=1), Availability.AWAY)
            for begins in (NOW - timedelta(days=n + 1) for n in range(20))
        ]
        await put_absences(session, teams.bob, rows)
    leave = {"availability": "AWAY", "startsAt": at(days=10), "until": at(days=20)}
    payload = await teams.send(SET, by=teams.reader, **leave)
    assert payload["userErrors"] == []
    assert len(payload["user"]["absences"]) == 1


async def test_nobody_notes_absences_without_end(teams: Any) -> None:
    for n in range(20):
        given = {"startsAt": at(days=2 * n + 1), "until": at(days=2 * n + 2)}
        payload = await teams.send(SET, by=teams.reader, availability="AWAY", **given)
        assert payload["userErrors"] == []
    given = {"startsAt": at(days=300), "until": at(days=301)}
    payload = await teams.send(SET, by=teams.reader, availability="AWAY", **given)
    assert [e["code"] for e in payload["userErrors"]] == ["TOO_LONG"]
    payload = await teams.send(SET, by=teams.reader, availability="BUSY")
    assert len(payload["user"]["absences"]) == 1


async def test_who_manages_groups_says_that_somebody_is_ill(teams: Any) -> None:
    ill = {"availability": "AWAY", "userId": teams.cem}
    payload = await teams.send(SET, by=teams.reader, **ill)
    assert [e["code"] for e in payload["userErrors"]] == ["FORBIDDEN"]
    payload = await teams.send(SET, **ill)
    assert payload["user"]["id"] == teams.cem
    assert payload["user"]["availability"] == "AWAY"
    unknown = await teams.send(SET, availability="AWAY", userId=new_id("usr"))
    assert unknown["userErrors"] == [{"code": "NOT_FOUND", "path": ["input", "userId"]}]


async def test_a_members_part_changes_and_the_groups_version_tells(teams: Any) -> None:
    key = await teams.make("Desk")
    await teams.send(ADD, groupId=key, userIds=[teams.bob])
    them = {"groupId": key, "userId": teams.bob}
    payload = await teams.send(MEMBER, **them, skills=["VPN"], capacity=3)
    assert payload == {
        "userErrors": [],
        "edge": {"node": {"id": teams.bob}, "capacity": 3, "skills": ["vpn"]},
        "group": {"version": 3},
    }
    payload = await teams.send(MEMBER, **them, capacity=None)
    assert payload["edge"]["capacity"] is None
    assert payload["edge"]["skills"] == ["vpn"]
    assert (await teams.send(MEMBER, **them))["group"] == {"version": 4}
    for wrong, error in (
        ({"userId": teams.cem}, ["NOT_MEMBER", "input", "userId"]),
        ({"groupId": new_id("grp")}, ["NOT_FOUND", "input", "groupId"]),
        ({"capacity": -1}, ["INVALID", "input", "capacity"]),
        ({"expectedVersion": 1}, ["STALE", "input", "expectedVersion"]),
    ):
        assert await teams.refused(MEMBER, **{**them, **wrong}) == error
