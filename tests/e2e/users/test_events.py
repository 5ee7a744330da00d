"""Every change of people, departments and roles is an event, and nothing else is."""

from typing import Any

from sqlalchemy import select

from subgraphs.users.models import RoleRow, UserRow
from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import (
    ASSIGN,
    CREATE,
    CREATE_DEPARTMENT,
    REVOKE,
    UPDATE,
    UPDATE_DEPARTMENT,
    change,
)

FEED = """
query ($after: String, $first: Int) { userEventFeed(after: $after, first: $first) {
  events { id entityId seq kind at actorId requestId payload }
  nextCursor caughtUp
} }
"""
FOLLOWER: dict[str, Any] = {
    "subject": "sva_1",
    "scopes": ["events:read"],
    "session": None,
}


async def feed(users: Subgraph, **given: Any) -> dict[str, Any]:
    return (await users.data(FEED, given, **FOLLOWER))["userEventFeed"]


async def told(users: Subgraph) -> list[tuple[str, int, str, Any]]:
    return [
        (each["kind"], each["seq"], each["entityId"], each["payload"])
        for each in (await feed(users))["events"]
    ]


async def test_what_happens_to_a_person_is_told_without_their_name(
    users: Subgraph, house: House
) -> None:
    by = house.admin()
    given = {"email": "new@example.com", "name": "New Person", "roleKeys": ["agent"]}
    await change(users, CREATE, given, **by)
    async with users.service.database.unit_of_work() as session:
        found = select(UserRow.id).where(UserRow.email == "new@example.com")
        key = str(await session.scalar(found))
    ben = house.people["ben"]
    it = house.departments["it"]
    for more in (
        {"managerId": ben, "departmentId": it, "name": "Another Name"},
        {"active": False},
        {"active": True},
        {"active": True},  # nothing changes
    ):
        await change(users, UPDATE, {"id": key, **more}, **by)
    held = {"userId": key, "roleKey": "manager"}
    place = {"scope": "DEPARTMENT", "departmentId": it}
    for mutation in (ASSIGN, ASSIGN, REVOKE):  # given twice, it is held once
        payload = await change(users, mutation, {**held, **place}, **by)
        assert payload["userErrors"] == []
    stands: dict[str, Any] = {"active": True, "departmentId": None, "managerId": None}
    moved = {**stands, "departmentId": it, "managerId": ben}
    agent = {"roleKey": "agent", "scope": "GLOBAL"}
    nowhere = {"departmentId": None, "groupId": None}
    there = {"roleKey": "manager", **place, "groupId": None}
    fields = ["department_id", "manager_id", "name"]
    left = {**moved, "active": False, "changed": ["active"]}
    assert await told(users) == [
        ("USER_CREATED", 1, key, stands),
        ("ROLE_ASSIGNED", 2, key, {**agent, **nowhere}),
        ("USER_CHANGED", 3, key, {**moved, "changed": fields}),
        ("USER_DEACTIVATED", 4, key, left),
        ("USER_REACTIVATED", 5, key, {**moved, "changed": ["active"]}),
        ("ROLE_ASSIGNED", 6, key, there),
        ("ROLE_REVOKED", 7, key, there),
    ]
    first = (await feed(users))["events"][0]
    assert first["actorId"] == house.people["ada"]
    assert len(first["requestId"]) == 24


async def test_what_happens_to_a_department_is_told_whole(
    users: Subgraph, house: House
) -> None:
    by = house.admin()
    it, ben = house.departments["it"], house.people["ben"]
    made = {"code": "NET", "name": "Network", "parentId": it}
    await change(users, CREATE_DEPARTMENT, made, **by)
    ((kind, seq, key, payload),) = await told(users)
    whole = {**made, "headId": None}
    assert (kind, seq, payload) == ("DEPARTMENT_CREATED", 1, whole)
    await change(users, UPDATE_DEPARTMENT, {"id": key, "headId": ben}, **by)
    assert (await told(users))[1:] == [
        ("DEPARTMENT_CHANGED", 2, key, {**whole, "headId": ben})
    ]


async def test_what_is_refused_is_no_event(users: Subgraph, house: House) -> None:
    by = house.admin()
    taken = {"email": "ada@example.com", "name": "Somebody Else"}
    assert (await change(users, CREATE, taken, **by))["userErrors"]
    stale = {"id": house.people["cem"], "expectedVersion": 7, "locale": "de"}
    assert (await change(users, UPDATE, stale, **by))["userErrors"]
    assert await told(users) == []


async def test_the_feed_is_read_in_parts(users: Subgraph, house: House) -> None:
    for n in range(3):
        given = {"id": house.people["cem"], "locale": f"d{'xyz'[n]}"}
        await change(users, UPDATE, given, **house.admin())
    part = await feed(users, first=2)
    assert [each["seq"] for each in part["events"]] == [1, 2]
    assert part["caughtUp"] is False
    rest = await feed(users, first=2, after=part["nextCursor"])
    assert [each["seq"] for each in rest["events"]] == [3]
    assert rest["caughtUp"] is True
    with users.counted() as statements:
        end = await feed(users, after=rest["nextCursor"])
    assert end == {"events": [], "nextCursor": rest["nextCursor"], "caughtUp": True}
    assert len(statements) == 1


async def test_only_who_may_follow_reads_the_feed(
    users: Subgraph, house: House
) -> None:
    scopes = [scope for scope in house.admin()["scopes"] if scope != "events:read"]
    with users.counted() as statements:
        answer = await users.ask(FEED, subject=house.people["ada"], scopes=scopes)
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert statements == []


async def test_bad_cursors_and_sizes_are_named(users: Subgraph, house: House) -> None:
    del house
    for given in ({"after": "x"}, {"first": 0}, {"first": 501}, {"after": "\x00"}):
        answer = await users.ask(FEED, given, **FOLLOWER)
        assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}, given


async def test_an_administrator_may_let_others_follow(users: Subgraph) -> None:
    async with users.service.database.unit_of_work() as session:
        role = select(RoleRow.permissions).where(RoleRow.key == "admin")
        assert "events:read" in (await session.scalars(role)).one()
