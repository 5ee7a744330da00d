import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.ids import new_id

ADD = """
mutation ($in: AddGroupMembersInput!) {
  addGroupMembers(input: $in) {
    userErrors { code path }
    group { version }
    addedEdges { node { id } isLead capacity skills }
  }
}
"""
REMOVE = """
mutation ($in: RemoveGroupMembersInput!) {
  removeGroupMembers(input: $in) {
    userErrors { code path }
    group { version members { totalCount } }
  }
}
"""
AVAILABLE = """
mutation ($in: SetAvailabilityInput!) {
  setAvailability(input: $in) {
    userErrors { code path } user { id availability awayUntil }
  }
}
"""
PEOPLE = """
query ($them: [_Any!]!) {
  _entities(representations: $them) {
    ... on User {
      groups { name } approving: groups(kind: APPROVAL) { name }
      availability awayUntil
    }
  }
}
"""


async def people(teams: Any, *ids: str, by: Any = None) -> list[dict[str, Any]]:
    them = [{"__typename": "User", "id": each} for each in ids]
    data = await teams.data(PEOPLE, {"them": them}, **(by or teams.reader))
    found: list[dict[str, Any]] = data["_entities"]
    return found


async def test_people_join_and_leave_all_or_none(teams: Any) -> None:
    key = await teams.make("Desk", leadId=teams.bob)
    payload = await teams.send(
        ADD,
        groupId=key,
        userIds=[teams.bob, teams.cem, teams.bob],
        skills=[" VPN", "vpn", "Linux"],
        capacity=5,
    )
    assert payload == {
        "userErrors": [],
        "group": {"version": 2},
        "addedEdges": [
            {
                "node": {"id": each},
                "isLead": each == teams.bob,
                "capacity": 5,
                "skills": ["vpn", "linux"],
            }
            for each in sorted([teams.bob, teams.cem])
        ],
    }
    both = {"groupId": key, "userIds": [teams.ada, teams.bob]}
    assert await teams.refused(ADD, **both) == [
        "ALREADY_MEMBER",
        "input",
        "userIds",
        "1",
    ]
    assert await teams.refused(REMOVE, **both) == [
        "NOT_MEMBER",
        "input",
        "userIds",
        "0",
    ]
    payload = await teams.send(REMOVE, groupId=key, userIds=[teams.bob])
    assert payload["group"] == {"version": 3, "members": {"totalCount": 1}}


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"groupId": new_id("grp")}, ["NOT_FOUND", "groupId"]),
    ({"groupId": "x"}, ["NOT_FOUND", "groupId"]),
    ({"userIds": []}, ["REQUIRED", "userIds"]),
    ({"userIds": [new_id("usr")]}, ["NOT_FOUND", "userIds", "0"]),
    ({"userIds": [new_id("sva")]}, ["NOT_FOUND", "userIds", "0"]),
    ({"userIds": [new_id("usr") for _ in range(101)]}, ["TOO_LONG", "userIds"]),
    ({"skills": ["x" * 41]}, ["TOO_LONG", "skills"]),
    ({"skills": [str(n) for n in range(21)]}, ["TOO_LONG", "skills"]),
    ({"skills": [""]}, ["REQUIRED", "skills"]),
    ({"skills": ["a\u0000"]}, ["INVALID", "skills"]),
    ({"capacity": -1}, ["INVALID", "capacity"]),
    ({"capacity": 1001}, ["INVALID", "capacity"]),
    ({"expectedVersion": 7}, ["STALE", "expectedVersion"]),
]


@pytest.mark.parametrize(("given", "says"), BAD)
async def test_bad_input_is_refused_where_it_is_and_nobody_joins(
    teams: Any, given: dict[str, Any], says: list[str]
) -> None:
    key = await teams.make("Desk")
    whole = {"groupId": key, "userIds": [teams.bob], **given}
    assert await teams.refused(ADD, **whole) == [says[0], "input", *says[1:]]


async def test_who_has_left_joins_nothing_and_who_may_not_adds_nobody(
    teams: Any,
) -> None:
    key = await teams.make("Desk")
    teams.directory.left.add(teams.cem)
    assert await teams.refused(ADD, groupId=key, userIds=[teams.bob, teams.cem]) == [
        "INVALID",
        "input",
        "userIds",
        "1",
    ]
    for mutation in (ADD, REMOVE):
        given = {"groupId": key, "userIds": [teams.bob]}
        assert await teams.refused(mutation, by=teams.reader, **given) == ["FORBIDDEN"]


async def test_many_who_add_the_same_person_add_them_once(teams: Any) -> None:
    key = await teams.make("Desk")
    sent = [teams.send(ADD, groupId=key, userIds=[teams.bob]) for _ in range(8)]
    errors = [each["userErrors"] for each in await asyncio.gather(*sent)]
    assert sorted(len(each) for each in errors) == [0, *[1] * 7]
    twice = {"groupId": key, "userIds": [teams.cem], "idempotencyKey": "k"}
    assert await teams.send(ADD, **twice) == await teams.send(ADD, **twice)


async def test_people_know_their_groups_in_two_statements_however_many(
    teams: Any,
) -> None:
    desk = await teams.make("Desk")
    await teams.send(ADD, groupId=desk, userIds=[teams.ada, teams.bob])
    board = await teams.make("Board")
    await teams.send(ADD, groupId=board, userIds=[teams.bob])
    with teams.counted() as statements:
        ada, bob, cem = await people(teams, teams.ada, teams.bob, teams.cem)
    assert len(statements) == 3  # groups, groups for approval, availability
    assert [each["name"] for each in ada["groups"]] == ["Desk"]
    assert [each["name"] for each in bob["groups"]] == ["Board", "Desk"]
    assert bob["approving"] == cem["groups"] == []


async def test_being_away_ends_by_itself(teams: Any) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    payload = await teams.send(AVAILABLE, availability="AWAY", until=soon.isoformat())
    assert payload["user"]["availability"] == "AWAY"
    assert payload["user"]["awayUntil"][:19] == soon.isoformat()[:19]
    await asyncio.sleep(2)
    (ada,) = await people(teams, teams.ada)
    assert (ada["availability"], ada["awayUntil"]) == ("AVAILABLE", None)
    await teams.send(AVAILABLE, availability="BUSY")
    assert (await people(teams, teams.ada))[0]["availability"] == "BUSY"
    await teams.send(AVAILABLE, availability="AVAILABLE")
    assert (await people(teams, teams.ada))[0]["availability"] == "AVAILABLE"


async def test_an_end_that_has_passed_or_has_no_sense_is_refused(teams: Any) -> None:
    past, later = "2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z"
    for given in (
        {"availability": "AWAY", "until": past},
        {"availability": "AVAILABLE", "until": later},
    ):
        found = await teams.refused(AVAILABLE, **given)
        assert found == ["INVALID", "input", "until"]
    service = {"subject": new_id("sva"), "scopes": ["users:read"], "session": None}
    found = await teams.refused(AVAILABLE, by=service, availability="BUSY")
    assert found == ["FORBIDDEN"]


async def test_without_the_directory_one_sees_oneself_alone(teams: Any) -> None:
    desk = await teams.make("Desk")
    await teams.send(ADD, groupId=desk, userIds=[teams.ada, teams.bob])
    plain = {"subject": teams.bob, "scopes": []}
    ada, bob = await people(teams, teams.ada, teams.bob, by=plain)
    assert set(ada.values()) == {None}
    assert [each["name"] for each in bob["groups"]] == ["Desk"]
    data = await teams.data(
        "query ($id: ID!) { group(id: $id) { id } }", {"id": desk}, **plain
    )
    assert data == {"group": None}
