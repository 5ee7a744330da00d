"""Many tickets given to somebody, each by the rules of the group that has it."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

BULK = """mutation Bulk($in: BulkUpdateTicketsInput!) { bulkUpdateTickets(input: $in) {
  matched failures { id errors { code path } } warnings { id ticket { id } messages }
  repeated userErrors { code path } } }"""
READ = """query Read($id: ID) { ticket(id: $id) {
  version group { id } assignee { id } history { nodes { kind note } } } }"""
LET_GO = "Whoever had it is not in the group that it went to."


async def bulk(desk: Desk, ids: list[str], **change: Any) -> dict[str, Any]:
    given = {"ids": ids, "set": change}
    found: dict[str, Any] = await desk.mutate(BULK, given, by=desk.agent)
    return found


async def read(desk: Desk, key: str) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.data(READ, {"id": key}, **desk.agent))["ticket"]
    return found


async def in_groups(desk: Desk, *groups: str | None) -> list[str]:
    return [
        (await desk.open(groupId=group, by=desk.agent))["id"]
        if group
        else (await desk.open())["id"]
        for group in groups
    ]


async def test_a_person_gets_those_alone_of_whose_group_they_are(desk: Desk) -> None:
    eva = desk.people.person()
    mine = desk.people.team(eva, policy="MANUAL")
    foreign = desk.people.team(desk.bob, policy="MANUAL")
    one, two, three = await in_groups(desk, mine, foreign, None)
    before = await read(desk, two)
    done = await bulk(desk, [one, two, three], assigneeId=eva)
    path = ["input", "set", "assigneeId"]
    errors = [{"code": "ASSIGNEE_NOT_IN_GROUP", "path": path}]
    assert (done["matched"], done["userErrors"]) == (3, [])
    assert done["failures"] == [{"id": two, "errors": errors}]
    assert await read(desk, two) == before
    for key in (one, three):
        assert (await read(desk, key))["assignee"] == {"id": eva}


async def test_each_group_says_whether_it_gives_work_to_who_is_away(
    desk: Desk,
) -> None:
    eva = desk.people.person()
    desk.people.away[eva] = "AWAY"
    strict, lax = (
        desk.people.team(eva, policy="MANUAL", absentAssignees=word)
        for word in ("REFUSE", "WARN")
    )
    one, two = await in_groups(desk, strict, lax)
    done = await bulk(desk, [one, two], assigneeId=eva)
    path = ["input", "set", "assigneeId"]
    errors = [{"code": "ASSIGNEE_UNAVAILABLE", "path": path}]
    assert done["failures"] == [{"id": one, "errors": errors}]
    assert (await read(desk, one))["assignee"] is None
    assert (await read(desk, two))["assignee"] == {"id": eva}


@pytest.mark.parametrize("moves", [False, True])
async def test_what_is_done_all_the_same_is_told_ticket_by_ticket(
    desk: Desk, *, moves: bool
) -> None:
    eva = desk.people.person()
    desk.people.away[eva] = "ON_LEAVE"
    group = desk.people.team(eva, policy="MANUAL", absentAssignees="WARN")
    keys = sorted(await in_groups(desk, group, group))
    change = {"assigneeId": eva} | ({"groupId": group} if moves else {})
    given = {
        "ids": [*keys, new_id("tkt")],
        "set": change,
        "idempotencyKey": new_id("key"),
    }
    told = [
        {
            "id": key,
            "ticket": {"id": key},
            "messages": ["This person is not available now (ON_LEAVE)."],
        }
        for key in keys
    ]
    for repeated in (False, True):
        done = await desk.mutate(BULK, given, by=desk.agent)
        assert (done["warnings"], done["repeated"]) == (told, repeated)
        assert [each["errors"][0]["code"] for each in done["failures"]] == ["NOT_FOUND"]
    del desk.people.away[eva]
    assert (await bulk(desk, keys, assigneeId=eva))["warnings"] == []


async def test_who_cannot_have_any_is_refused_before_any_is_tried(desk: Desk) -> None:
    (key,) = await in_groups(desk, desk.people.team(desk.bob, policy="MANUAL"))
    gone = desk.people.person()
    desk.people.left.add(gone)
    before = await read(desk, key)
    path = ["input", "set", "assigneeId"]
    for person, code in (
        (gone, "INVALID"),
        (new_id("usr"), "NOT_FOUND"),
        (new_id("grp"), "INVALID"),
        ("usr_1", "INVALID"),
    ):
        done = await bulk(desk, [key], assigneeId=person)
        assert done["matched"] == 0
        assert done["userErrors"] == [{"code": code, "path": path}], person
    desk.people.down = True
    done = await bulk(desk, [key], assigneeId=desk.bob)
    assert [each["code"] for each in done["userErrors"]] == ["UNAVAILABLE"]
    desk.people.down = False
    assert await read(desk, key) == before


async def test_who_has_a_ticket_keeps_it_in_a_group_that_they_are_in_too(
    desk: Desk,
) -> None:
    eva = desk.people.person()
    first = desk.people.team(eva, desk.bob, policy="MANUAL")
    second = desk.people.team(eva, policy="MANUAL")
    one, two = await in_groups(desk, first, first)
    assert (await bulk(desk, [one], assigneeId=eva))["failures"] == []
    assert (await bulk(desk, [two], assigneeId=desk.bob))["failures"] == []
    assert (await bulk(desk, [one, two], groupId=second))["failures"] == []
    kept, left = await read(desk, one), await read(desk, two)
    assert (kept["group"], kept["assignee"]) == ({"id": second}, {"id": eva})
    assert (left["group"], left["assignee"]) == ({"id": second}, None)
    assert [each["kind"] for each in left["history"]["nodes"]] == [
        "CREATED",
        "ASSIGNEE_CHANGED",
        "GROUP_CHANGED",
        "ASSIGNEE_CHANGED",
    ]
    assert left["history"]["nodes"][-1]["note"] == LET_GO
