"""Opening a ticket and reading it again."""

from typing import Any

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages


async def test_a_ticket_opened_by_a_requester_is_theirs_with_the_matrix_priority(
    desk: Desk,
) -> None:
    opened = await desk.open(
        description="It smokes.\nBadly.",
        impact="HIGH",
        urgency="MEDIUM",
        tags=["printer", "printer", "fire"],
    )
    assert opened.pop("openedAt") == opened.pop("updatedAt")
    assert opened.pop("id").startswith("tkt_")
    assert opened == {
        "number": "INC0000001",
        "type": "INCIDENT",
        "title": "Printer on fire",
        "description": "It smokes.\nBadly.",
        "channel": "API",
        "impact": "HIGH",
        "urgency": "MEDIUM",
        "priority": "HIGH",
        "priorityOverridden": False,
        "holdReason": None,
        "tags": ["printer", "fire"],
        "version": 1,
        "reassignmentCount": 0,
        "reopenCount": 0,
        "resolvedAt": None,
        "closedAt": None,
        "status": {"key": "new", "name": "New", "category": "NEW"},
        "requester": {"id": desk.ada},
        "openedBy": {"id": desk.ada},
        "requesterDepartment": {"id": desk.department},
        "group": None,
        "assignee": None,
        "category": None,
        "service": None,
    }


async def test_a_ticket_is_read_by_id_and_by_number_in_one_statement(
    desk: Desk,
) -> None:
    opened = await desk.open()
    query = """query Read($id: ID, $number: String) {
      ticket(id: $id, number: $number) { id number title description status { key }
        assignee { id } requester { id } } }"""
    for key in ({"id": opened["id"]}, {"number": opened["number"]}):
        with desk.counted() as statements:
            data = await desk.data(query, key, **desk.requester)
        assert data["ticket"]["id"] == opened["id"]
        assert len(statements) == 1


async def test_a_stranger_sees_no_ticket_and_an_agent_sees_it(desk: Desk) -> None:
    opened = await desk.open()
    query = "query Read($id: ID) { ticket(id: $id) { id } }"
    stranger = {"subject": new_id("usr"), "scopes": ["tickets:read"]}
    seen = {"ticket": {"id": opened["id"]}}
    assert await desk.data(query, {"id": opened["id"]}, **stranger) == {"ticket": None}
    assert await desk.data(query, {"id": opened["id"]}, **desk.agent) == seen
