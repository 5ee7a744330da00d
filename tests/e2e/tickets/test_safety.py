"""Writes that meet: the same one twice, several at once, others that are away."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

OPEN = """mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
  repeated ticket { id number version } userErrors { code path } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  repeated event { seq } ticket { id version status { key } } userErrors { code } } }"""
ASSIGN = """mutation Give($in: AssignTicketInput!) { assignTicket(input: $in) {
  ticket { id version } userErrors { code } } }"""
HISTORY = """query Life($id: ID) { ticket(id: $id) { version reassignmentCount
  history(first: 100) { nodes { seq kind } } } }"""
INCIDENT = {"type": "INCIDENT", "title": "Printer on fire"}
ALL = "query All { tickets { totalCount } }"


async def count(desk: Desk) -> int:
    data = await desk.data(ALL, **desk.agent)
    return data["tickets"]["totalCount"]


async def test_a_key_sent_five_times_at_once_opens_one_ticket(desk: Desk) -> None:
    given = {**INCIDENT, "idempotencyKey": "once"}
    answers = await asyncio.gather(*(desk.mutate(OPEN, given) for _ in range(5)))
    assert len({answer["ticket"]["id"] for answer in answers}) == 1
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 4
    assert await count(desk) == 1


async def test_a_key_is_one_callers_own_and_of_one_request(desk: Desk) -> None:
    given = {**INCIDENT, "idempotencyKey": "mine"}
    first = await desk.mutate(OPEN, given)
    other = await desk.mutate(OPEN, given, by=desk.agent)
    assert other["ticket"]["id"] != first["ticket"]["id"]
    answer = await desk.ask(OPEN, {"in": {**given, "title": "Else"}}, **desk.requester)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await count(desk) == 2


async def test_a_refused_request_may_be_mended_under_its_key(desk: Desk) -> None:
    empty = {**INCIDENT, "title": " ", "idempotencyKey": "again"}
    refused = await desk.mutate(OPEN, empty)
    assert [error["code"] for error in refused["userErrors"]] == ["REQUIRED"]
    mended = await desk.mutate(OPEN, {**empty, "title": "Mended"})
    assert (mended["userErrors"], mended["repeated"]) == ([], False)


async def test_a_step_sent_again_is_taken_once(desk: Desk) -> None:
    key = (await desk.open())["id"]
    step = {"id": key, "toStatusKey": "in_progress", "idempotencyKey": "step"}
    first = await desk.mutate(MOVE, step, by=desk.agent)
    again = await desk.mutate(MOVE, step, by=desk.agent)
    assert again == {**first, "repeated": True}
    assert again["ticket"]["version"] == 2


async def test_of_many_with_the_same_expected_version_one_wins(desk: Desk) -> None:
    key = (await desk.open())["id"]
    tries = await asyncio.gather(
        *(
            desk.mutate(
                ASSIGN,
                {"id": key, "expectedVersion": 1, "groupId": new_id("grp")},
                by=desk.agent,
            )
            for _ in range(12)
        )
    )
    codes = [[error["code"] for error in each["userErrors"]] for each in tries]
    assert sorted(codes) == [[]] + [["STALE"]] * 11
    assert {each["ticket"]["version"] for each in tries} == {2}


async def test_many_agents_at_once_lose_no_change_and_leave_no_gap(desk: Desk) -> None:
    key = (await desk.open())["id"]
    steps = [{"toStatusKey": "in_progress"}, {"toStatusKey": "new"}] * 8
    groups = [{"groupId": new_id("grp")} for _ in range(16)]
    moved, given = await asyncio.gather(
        asyncio.gather(
            *(desk.mutate(MOVE, {"id": key, **each}, by=desk.agent) for each in steps)
        ),
        asyncio.gather(
            *(
                desk.mutate(ASSIGN, {"id": key, **each}, by=desk.agent)
                for each in groups
            )
        ),
    )
    taken = sum(each["userErrors"] == [] for each in moved)
    assert all(each["userErrors"] == [] for each in given)
    ticket = (await desk.data(HISTORY, {"id": key}, **desk.agent))["ticket"]
    assert ticket["reassignmentCount"] == 16
    assert ticket["version"] == 1 + 16 + taken
    seqs = [event["seq"] for event in ticket["history"]["nodes"]]
    assert seqs == list(range(1, 1 + 1 + 16 + taken))


async def test_numbers_are_never_given_twice(desk: Desk) -> None:
    opened = await asyncio.gather(*(desk.open(str(n)) for n in range(20)))
    assert len({each["number"] for each in opened}) == 20


async def test_without_the_directory_a_caller_opens_for_themselves_alone(
    desk: Desk,
) -> None:
    desk.people.down = True
    mine = await desk.open()
    assert (mine["requester"], mine["requesterDepartment"]) == ({"id": desk.ada}, None)
    other = {**INCIDENT, "requesterId": desk.ada}
    refused = await desk.mutate(OPEN, other, by=desk.agent)
    path = ["input", "requesterId"]
    assert refused["userErrors"] == [{"code": "UNAVAILABLE", "path": path}]
    assert await count(desk) == 1


async def test_a_person_is_asked_for_once_in_a_while(desk: Desk) -> None:
    for _ in range(3):
        await desk.open()
    assert desk.people.asked == [desk.ada]


async def test_nobody_opens_a_ticket_for_somebody_unknown(desk: Desk) -> None:
    for requester in (new_id("usr"), new_id("grp"), "ada"):
        given = {**INCIDENT, "requesterId": requester}
        refused = await desk.mutate(OPEN, given, by=desk.agent)
        path = ["input", "requesterId"]
        assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": path}]
    nobody = await desk.mutate(OPEN, INCIDENT, by=desk.importer)
    assert [error["code"] for error in nobody["userErrors"]] == ["REQUIRED"]
    other = {**INCIDENT, "requesterId": desk.bob}
    mine_only = await desk.mutate(OPEN, other)
    assert [error["code"] for error in mine_only["userErrors"]] == ["FORBIDDEN"]
    assert await count(desk) == 0


async def test_a_requester_does_not_choose_who_works_on_it(desk: Desk) -> None:
    for given in ({"groupId": new_id("grp")}, {"assigneeId": desk.bob}):
        refused = await desk.mutate(OPEN, {**INCIDENT, **given})
        assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor_id = NULL",
        "DELETE FROM events",
        "TRUNCATE events CASCADE",
    ],
)
async def test_the_database_itself_keeps_history_as_it_was_written(
    desk: Desk, database_url: Callable[[str], str], statement: str
) -> None:
    key = (await desk.open())["id"]
    connection = await asyncpg.connect(database_url("tickets"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()
    ticket = (await desk.data(HISTORY, {"id": key}, **desk.agent))["ticket"]
    assert ticket["history"]["nodes"] == [{"seq": 1, "kind": "CREATED"}]


CATEGORY = """mutation Make($in: CreateCategoryInput!) { createCategory(input: $in) {
  category { id name parent { name } } userErrors { code path } } }"""
SERVICE = """mutation Make($in: CreateServiceInput!) { createService(input: $in) {
  service { id name owner { id } } userErrors { code path } } }"""


async def test_categories_and_services_are_made_once_and_listed(desk: Desk) -> None:
    manager = {"subject": desk.bob, "scopes": ["tickets:read", "tickets:manage"]}
    top = (await desk.mutate(CATEGORY, {"name": "Hardware"}, by=manager))["category"]
    inside = {"name": "Printers", "parentId": top["id"]}
    made = await desk.mutate(CATEGORY, inside, by=manager)
    assert made["category"]["parent"] == {"name": "Hardware"}
    again = await desk.mutate(CATEGORY, inside, by=manager)
    taken = [{"code": "TAKEN", "path": ["input", "name"]}]
    assert again == {"category": made["category"], "userErrors": taken}
    mail = {"name": "E-mail", "ownerId": desk.bob}
    service = (await desk.mutate(SERVICE, mail, by=manager))["service"]
    assert service["owner"] == {"id": desk.bob}
    lists = """{ categories { name parent { name } } services { name }
      ticketStatuses { key category } }"""
    assert await desk.data(lists, **desk.requester) == {
        "categories": [
            {"name": "Hardware", "parent": None},
            {"name": "Printers", "parent": {"name": "Hardware"}},
        ],
        "services": [{"name": "E-mail"}],
        "ticketStatuses": [
            {"key": key, "category": key.upper()}
            for key in (
                "new",
                "in_progress",
                "on_hold",
                "resolved",
                "closed",
                "cancelled",
            )
        ],
    }
    refused = await desk.mutate(CATEGORY, {"name": "Mine"})
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    ticket = await desk.open(categoryId=made["category"]["id"], serviceId=service["id"])
    assert ticket["category"] == {"name": "Printers"}
    assert ticket["service"] == {"name": "E-mail"}


async def test_two_who_make_the_same_category_at_once_make_one(desk: Desk) -> None:
    tries = await asyncio.gather(
        *(desk.mutate(CATEGORY, {"name": "New"}, by=desk.importer) for _ in range(6))
    )
    codes = [[error["code"] for error in each["userErrors"]] for each in tries]
    assert sorted(codes) == [[]] + [["TAKEN"]] * 5
