"""What a ticket has by its type: set, changed, reclassified; recordApproval."""

from typing import Any

from tests.support.ticket_kinds import (
    APPROVE,
    DETAILS,
    OPEN,
    READ,
    RECLASSIFY,
    UPDATE,
    ahead,
    laptop,
    read,
)
from tests.support.ticket_settings import MOVE, SET

Desk = Any  # the fixture's class; test folders are not packages


async def test_each_type_says_what_it_has_by_itself_from_the_beginning(
    desk: Desk,
) -> None:
    start, end = ahead(days=2), ahead(days=2, hours=3)
    change = {
        "kind": "NORMAL",
        "risk": "LOW",
        "plannedStartAt": start,
        "plannedEndAt": end,
        "backoutPlan": "Put the old one back.",
    }
    problem = {"rootCause": "Dust", "isKnownError": True}
    opened: dict[str, Any] = {}
    for kind, details in (
        ("CHANGE", {"change": change}),
        ("PROBLEM", {"problem": problem}),
    ):
        payload = await desk.mutate(
            OPEN, {"type": kind, "title": "T", "details": details}, by=desk.agent
        )
        assert payload["userErrors"] == []
        opened[kind] = payload["ticket"]
    assert opened["CHANGE"]["details"] == {"__typename": "ChangeDetails", **change}
    assert opened["PROBLEM"]["details"] == {
        "__typename": "ProblemDetails",
        "workaround": None,
        **problem,
    }
    incident = {
        "major": True,
        "causedByChange": opened["CHANGE"]["id"],
        "knownError": opened["PROBLEM"]["id"],
    }
    payload = await desk.mutate(
        OPEN,
        {"type": "INCIDENT", "title": "T", "details": {"incident": incident}},
        by=desk.agent,
    )
    found = payload["ticket"]["details"]
    assert found["major"] is True
    assert found["causedByChange"]["id"] == opened["CHANGE"]["id"]
    assert found["knownError"] == {"id": opened["PROBLEM"]["id"]}
    plain = await read(desk, (await desk.open())["id"])
    assert plain["details"] == {
        "__typename": "IncidentDetails",
        "major": False,
        "causedByChange": None,
        "knownError": None,
    }


async def test_a_request_answers_its_items_form_and_waits_for_consent(
    desk: Desk,
) -> None:
    item = await laptop(desk)
    asked = {
        "catalogItem": item,
        "formAnswers": [{"key": "model", "value": "13 inches"}],
    }
    payload = await desk.mutate(
        OPEN,
        {
            "type": "SERVICE_REQUEST",
            "title": "A laptop",
            "details": {"serviceRequest": asked},
        },
    )
    assert payload["userErrors"] == []
    ticket = payload["ticket"]
    assert ticket["approvalState"] == "PENDING"
    assert ticket["details"] == {
        "__typename": "ServiceRequestDetails",
        "catalogItem": {"name": "Laptop"},
        "formAnswers": [{"key": "model", "value": "13 inches"}],
    }
    step = {
        "type": "SERVICE_REQUEST",
        "fromStatusKey": "new",
        "toStatusKey": "in_progress",
        "checks": ["APPROVAL_PENDING"],
    }
    await desk.mutate(SET, step, by=desk.manager)
    move = {"id": ticket["id"], "toStatusKey": "in_progress"}
    refused = await desk.mutate(MOVE, move, by=desk.agent)
    assert [e["code"] for e in refused["userErrors"]] == ["APPROVAL_PENDING"]
    decided = {"id": ticket["id"], "state": "GRANTED", "note": "Old one is broken."}
    for nobody in (desk.agent, desk.requester):
        refused = await desk.mutate(APPROVE, decided, by=nobody)
        assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    own = {"subject": desk.ada, "scopes": desk.manager["scopes"]}
    refused = await desk.mutate(APPROVE, decided, by=own)
    assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    done = await desk.mutate(APPROVE, decided, by=desk.manager)
    assert done["ticket"] == {"approvalState": "GRANTED"}
    last = (await read(desk, ticket["id"]))["history"]["nodes"][-1]
    assert last == {
        "kind": "FIELD_CHANGED",
        "field": "approvalState",
        "before": "PENDING",
        "after": "GRANTED",
        "note": "Old one is broken.",
    }
    moved = await desk.mutate(MOVE, move, by=desk.agent)
    assert moved["userErrors"] == []


async def test_no_request_is_done_before_consent_but_it_is_given_up(
    desk: Desk,
) -> None:
    asked: dict[str, Any] = {"catalogItem": await laptop(desk)}
    asked["formAnswers"] = [{"key": "model", "value": "13 inches"}]
    wanted: dict[str, Any] = {"type": "SERVICE_REQUEST", "title": "Laptop"}
    wanted["details"] = {"serviceRequest": asked}
    one, other = [(await desk.mutate(OPEN, wanted))["ticket"]["id"] for _ in range(2)]

    async def move(key: str, to: str, **more: Any) -> list[str]:
        step = {"id": key, "toStatusKey": to, **more}
        moved = await desk.mutate(MOVE, step, by=desk.agent)
        return [error["code"] for error in moved["userErrors"]]

    solved = {"resolutionCode": "Delivered"}
    for state in ("PENDING", "DECLINED"):
        decided = {"id": one, "state": state}
        await desk.mutate(APPROVE, decided, by=desk.manager)
        assert await move(one, "resolved", **solved) == ["APPROVAL_PENDING"]
        assert await move(one, "closed") == ["APPROVAL_PENDING"]
    await desk.mutate(APPROVE, {"id": one, "state": "GRANTED"}, by=desk.manager)
    assert await move(one, "resolved", **solved) == []
    assert await move(one, "closed") == []
    assert await move(other, "in_progress") == []
    assert await move(other, "cancelled") == []
    free = (await desk.open(type="SERVICE_REQUEST"))["id"]
    assert await move(free, "resolved", **solved) == []


async def test_details_change_field_by_field_and_null_clears(desk: Desk) -> None:
    key = (await desk.open(type="PROBLEM"))["id"]

    async def say(**problem: Any) -> dict[str, Any]:
        given = {"id": key, "details": {"problem": problem}}
        return await desk.mutate(UPDATE, given, by=desk.agent)

    await say(rootCause="Dust", workaround="Blow")
    done = await say(workaround=None, isKnownError=True)
    assert done["ticket"]["details"] == {
        "__typename": "ProblemDetails",
        "rootCause": "Dust",
        "workaround": None,
        "isKnownError": True,
    }
    same = await say(isKnownError=True)
    assert same["event"] is None
    assert same["ticket"]["version"] == 3
    ticket = await read(desk, key)
    said = [(e["field"], e["before"], e["after"]) for e in ticket["history"]["nodes"]]
    assert said[1:] == [
        ("details.rootCause", None, "Dust"),
        ("details.workaround", None, "Blow"),
        ("details.isKnownError", None, True),
        ("details.workaround", "Blow", None),
    ]


async def test_a_ticket_is_reclassified_under_its_number_and_history_keeps_what_it_was(
    desk: Desk,
) -> None:
    opened = await desk.mutate(
        OPEN,
        {"type": "INCIDENT", "title": "T", "details": {"incident": {"major": True}}},
        by=desk.agent,
    )
    key = opened["ticket"]["id"]
    before = await read(desk, key)
    done = await desk.mutate(
        RECLASSIFY,
        {
            "id": key,
            "type": "PROBLEM",
            "details": {"problem": {"rootCause": "Dust"}},
            "note": "It is behind many.",
        },
        by=desk.agent,
    )
    assert done["userErrors"] == []
    assert done["ticket"]["number"] == before["number"]
    assert done["ticket"]["type"] == "PROBLEM"
    assert done["ticket"]["details"]["rootCause"] == "Dust"
    after = await read(desk, key)
    assert after["version"] == before["version"] + 1
    assert after["history"]["nodes"][1:] == [
        {
            "kind": "FIELD_CHANGED",
            "field": "type",
            "before": "INCIDENT",
            "after": "PROBLEM",
            "note": "It is behind many.",
        },
        {
            "kind": "FIELD_CHANGED",
            "field": "details",
            "before": {"major": True},
            "after": {"rootCause": "Dust"},
            "note": None,
        },
    ]
    again = await desk.mutate(RECLASSIFY, {"id": key, "type": "PROBLEM"}, by=desk.agent)
    assert again["userErrors"] == [{"code": "INVALID", "path": ["input", "type"]}]
    refused = await desk.mutate(RECLASSIFY, {"id": key, "type": "CHANGE"})
    assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"] or refused[
        "userErrors"
    ][0]["code"] == "NOT_FOUND"
    assert await read(desk, key) == after


async def test_details_that_name_a_ticket_the_viewer_may_not_see_say_nothing(
    desk: Desk,
) -> None:
    change = (await desk.open(type="CHANGE", by=desk.agent))["id"]
    key = (await desk.open())["id"]
    given = {"id": key, "details": {"incident": {"causedByChange": change}}}
    done = await desk.mutate(UPDATE, given, by=desk.agent)
    assert done["ticket"]["details"]["causedByChange"]["id"] == change
    seen = (await desk.data(READ, {"id": key}, **desk.requester))["ticket"]
    assert seen["details"]["causedByChange"] is None


async def test_details_of_a_list_cost_one_statement_for_each_kind_of_thing(
    desk: Desk,
) -> None:
    item = await laptop(desk)
    change = (await desk.open(type="CHANGE"))["id"]
    for _ in range(3):
        asked = {
            "catalogItem": item,
            "formAnswers": [{"key": "model", "value": "13 inches"}],
        }
        await desk.open(type="SERVICE_REQUEST", details={"serviceRequest": asked})
        await desk.open(by=desk.agent, details={"incident": {"causedByChange": change}})
    query = f"{{ tickets {{ nodes {{ {DETAILS} }} }} }}"
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert len(data["tickets"]["nodes"]) == 7
    # the page, the items, their forms, the tickets that are named
    assert len(statements) == 4
