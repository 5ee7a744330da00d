"""Who sees and does what: no path shows or changes a ticket that another one hides."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

EVERY_PATH = """
query Everywhere($id: ID!, $number: String!, $requester: ID!, $them: [_Any!]!) {
  byId: ticket(id: $id) { id }
  byNumber: ticket(number: $number) { id }
  listed: tickets { totalCount nodes { id } edges { node { id } } }
  filtered: tickets(filter: {requester: {eq: $requester}}) { totalCount nodes { id } }
  negated: tickets(filter: {not: {title: {eq: "x"}}}) { nodes { id } }
  _entities(representations: $them) {
    ... on Ticket { id }
    ... on TicketEvent { id }
    ... on User {
      requestedTickets { totalCount nodes { id } }
      assignedTickets { totalCount nodes { id } }
    }
    ... on Department { tickets { totalCount nodes { id } } }
    ... on Group { tickets { totalCount nodes { id } } }
  }
}
"""
STRANGERS = {
    "a stranger": ["users:read", "tickets:read", "tickets:write"],
    "a stranger who would work": ["tickets:read", "tickets:write", "tickets:work"],
    "nobody with rights": [],
    "one who reads all but may not read": ["tickets:read_all"],
}


async def everywhere(desk: Desk, ticket: dict[str, Any], **who: Any) -> dict[str, Any]:
    history = await desk.data(
        "query First($id: ID) { ticket(id: $id) { history { nodes { id } } } }",
        {"id": ticket["id"]},
        **desk.agent,
    )
    event = history["ticket"]["history"]["nodes"][0]["id"]
    them = [
        {"__typename": "Ticket", "id": ticket["id"]},
        {"__typename": "Ticket", "number": ticket["number"]},
        {"__typename": "TicketEvent", "id": event},
        {"__typename": "User", "id": ticket["requester"]["id"]},
        {"__typename": "User", "id": ticket["assignee"]["id"]},
        {"__typename": "Department", "id": ticket["requesterDepartment"]["id"]},
        {"__typename": "Group", "id": ticket["group"]["id"]},
    ]
    variables = {
        "id": ticket["id"],
        "number": ticket["number"],
        "requester": ticket["requester"]["id"],
        "them": them,
    }
    return await desk.ask(EVERY_PATH, variables, **who)


@pytest.fixture
async def ticket(desk: Desk) -> dict[str, Any]:
    return await desk.open(
        requesterId=desk.ada,
        assigneeId=desk.bob,
        groupId=new_id("grp"),
        by=desk.agent,
    )


@pytest.mark.parametrize("scopes", STRANGERS.values(), ids=STRANGERS.keys())
async def test_no_path_shows_a_strangers_ticket(
    desk: Desk, ticket: dict[str, Any], scopes: list[str]
) -> None:
    answer = await everywhere(desk, ticket, subject=new_id("usr"), scopes=scopes)
    text = str(answer)
    for secret in (ticket["id"], "Printer"):
        assert secret not in text
    data = answer["data"]
    assert data["byId"] is None
    assert data["listed"] == {"totalCount": 0, "nodes": [], "edges": []}
    assert data["_entities"][:3] == [None, None, None]
    nothing = {"totalCount": 0, "nodes": []}
    assert data["_entities"][3]["requestedTickets"] == nothing
    assert data["_entities"][5]["tickets"] == nothing
    assert data["_entities"][6]["tickets"] == nothing


async def test_every_path_shows_it_to_its_requester_its_opener_and_an_analyst(
    desk: Desk, ticket: dict[str, Any]
) -> None:
    analyst = {"subject": new_id("usr"), "scopes": ["tickets:read", "tickets:read_all"]}
    opener = {"subject": desk.bob, "scopes": ["tickets:read"]}
    for who in (desk.requester, opener, analyst):
        data = (await everywhere(desk, ticket, **who))["data"]
        one = {"totalCount": 1, "nodes": [{"id": ticket["id"]}]}
        assert data["byId"] == data["byNumber"] == {"id": ticket["id"]}
        assert data["filtered"] == one
        assert data["_entities"][0] == {"id": ticket["id"]}
        assert data["_entities"][2] is not None
        assert data["_entities"][5]["tickets"] == one


MUTATIONS = {
    "updateTicket": ("UpdateTicketInput", {"title": "Mine now"}),
    "assignTicket": ("AssignTicketInput", {"assigneeId": None}),
    "transitionTicket": ("TransitionTicketInput", {"toStatusKey": "cancelled"}),
}


async def attempt(desk: Desk, verb: str, key: str, given: Any, **who: Any) -> list[str]:
    kind = MUTATIONS[verb][0]
    mutation = f"""mutation Try($in: {kind}!) {{ {verb}(input: $in) {{
      ticket {{ id }} userErrors {{ code }} }} }}"""
    payload = await desk.mutate(mutation, {"id": key, **given}, by=who)
    codes = [error["code"] for error in payload["userErrors"]]
    assert (payload["ticket"] is None) == bool(codes)
    return codes


@pytest.mark.parametrize("verb", MUTATIONS)
async def test_a_strangers_ticket_cannot_be_changed_and_seems_not_to_be_there(
    desk: Desk, ticket: dict[str, Any], verb: str
) -> None:
    given = MUTATIONS[verb][1]
    for scopes in STRANGERS.values():
        who = {"subject": new_id("usr"), "scopes": scopes}
        missing = await attempt(desk, verb, new_id("tkt"), given, **who)
        assert await attempt(desk, verb, ticket["id"], given, **who) == missing
        assert missing == ["NOT_FOUND"]
    now = await desk.data(
        "query Now($id: ID) { ticket(id: $id) { version } }",
        {"id": ticket["id"]},
        **desk.agent,
    )
    assert now["ticket"]["version"] == 1


async def test_a_requester_edits_cancels_and_reopens_their_own_but_does_not_work_on_it(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    mine = desk.requester

    async def tries(verb: str, **given: Any) -> list[str]:
        return await attempt(desk, verb, key, given, **mine)

    assert await tries("updateTicket", title="Printer in flames") == []
    assert await tries("updateTicket", impact="HIGH") == ["FORBIDDEN"]
    assert await tries("updateTicket", priorityOverride="CRITICAL") == ["FORBIDDEN"]
    assert await tries("assignTicket", assigneeId=desk.bob) == ["FORBIDDEN"]
    assert await tries("transitionTicket", toStatusKey="in_progress") == ["FORBIDDEN"]
    done = {"toStatusKey": "resolved", "resolutionCode": "fixed"}
    assert await tries("transitionTicket", **done) == ["FORBIDDEN"]
    assert await attempt(desk, "transitionTicket", key, done, **desk.agent) == []
    assert await tries("transitionTicket", toStatusKey="in_progress") == []
    assert await tries("transitionTicket", toStatusKey="cancelled") == []


async def test_an_analyst_reads_and_changes_nothing(
    desk: Desk, ticket: dict[str, Any]
) -> None:
    analyst = {"subject": new_id("usr"), "scopes": ["tickets:read", "tickets:read_all"]}
    for verb, (_, given) in MUTATIONS.items():
        codes = await attempt(desk, verb, ticket["id"], given, **analyst)
        assert codes == ["FORBIDDEN"]


async def test_only_an_import_gives_instants_and_actors(desk: Desk) -> None:
    opening = """mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
      ticket { openedAt openedBy { id } history { nodes { via at actor { id } } } }
      userErrors { code path } } }"""
    past = {"occurredAt": "2016-02-29T01:16:00Z", "actorId": desk.bob}
    given = {"type": "INCIDENT", "title": "Old", "requesterId": desk.ada}
    refused = await desk.mutate(opening, {**given, **past}, by=desk.agent)
    path = ["input", "occurredAt"]
    assert refused["userErrors"] == [{"code": "FORBIDDEN", "path": path}]
    future = {"occurredAt": "2999-01-01T00:00:00Z"}
    refused = await desk.mutate(opening, {**given, **future}, by=desk.importer)
    assert refused["userErrors"] == [{"code": "INVALID", "path": path}]
    told = (await desk.mutate(opening, {**given, **past}, by=desk.importer))["ticket"]
    assert told == {
        "openedAt": "2016-02-29T01:16:00.000Z",
        "openedBy": {"id": desk.bob},
        "history": {
            "nodes": [
                {
                    "via": "IMPORT",
                    "at": "2016-02-29T01:16:00.000Z",
                    "actor": {"id": desk.bob},
                }
            ]
        },
    }


async def test_permissions_and_next_steps_explain_themselves(
    desk: Desk, ticket: dict[str, Any]
) -> None:
    query = """query Mine($id: ID) { ticket(id: $id) {
      viewerPermissions { canEdit canAssign canResolve canReopen cannotReasons }
      availableTransitions { toStatus { key } requiredFields blockedBy } } }"""
    data = await desk.data(query, {"id": ticket["id"]}, **desk.agent)
    steps = data["ticket"]["availableTransitions"]
    assert [(s["toStatus"]["key"], s["requiredFields"]) for s in steps] == [
        ("in_progress", []),
        ("on_hold", ["holdReason"]),
        ("resolved", ["resolutionCode"]),
        ("closed", []),
        ("cancelled", []),
    ]
    may = data["ticket"]["viewerPermissions"]
    assert may == {
        "canEdit": True,
        "canAssign": True,
        "canResolve": True,
        "canReopen": False,
        "cannotReasons": ["It has not ended, so there is nothing to reopen."],
    }
    data = await desk.data(query, {"id": ticket["id"]}, **desk.requester)
    assert data["ticket"]["viewerPermissions"] == {
        "canEdit": True,
        "canAssign": False,
        "canResolve": False,
        "canReopen": False,
        "cannotReasons": [
            "You do not work on tickets.",
            "It has not ended, so there is nothing to reopen.",
        ],
    }
    steps = data["ticket"]["availableTransitions"]
    assert [step["toStatus"]["key"] for step in steps] == ["cancelled"]


async def test_settings_are_shown_to_who_reads_tickets_alone(desk: Desk) -> None:
    make = """mutation Make($in: CreateCategoryInput!) { createCategory(input: $in) {
      category { id } } }"""
    made = await desk.mutate(make, {"name": "Hardware"}, by=desk.importer)
    query = """query Settings($them: [_Any!]!) { categories { name } services { name }
      ticketStatuses { key } _entities(representations: $them) {
        ... on Category { name } ... on TicketStatus { key } } }"""
    statuses = await desk.data("{ ticketStatuses { id } }", **desk.requester)
    them = [
        {"__typename": "Category", "id": made["category"]["id"]},
        {"__typename": "TicketStatus", "id": statuses["ticketStatuses"][0]["id"]},
    ]
    nobody = {"subject": new_id("usr"), "scopes": ["users:read"]}
    assert await desk.data(query, {"them": them}, **nobody) == {
        "categories": [],
        "services": [],
        "ticketStatuses": [],
        "_entities": [None, None],
    }
    shown = await desk.data(query, {"them": them}, **desk.requester)
    assert shown["_entities"] == [{"name": "Hardware"}, {"key": "new"}]
