"""What must not stand in an input of tickets is refused, wherever it stands."""

from typing import Any

from kit.ids import new_id
from tests.support.bad_input import Json, try_everything
from tests.support.ticket_kinds import ahead, laptop

Desk = Any  # the fixture's class; test folders are not packages

HARMLESS = frozenset({"concludeImport.ids"})
"""Tickets of which no import has told are passed over, whatever they are."""


async def made(desk: Desk, verb: str, what: str, **given: Any) -> str:
    """Make something as who may do everything; give its id."""
    kind = f"{verb[0].upper()}{verb[1:]}Input"
    document = f"""mutation ($in: {kind}!) {{
      {verb}(input: $in) {{ {what} {{ id }} userErrors {{ code path }} }} }}"""
    payload = await desk.mutate(document, given, by=everybody(desk))
    assert payload["userErrors"] == [], payload
    key: str = payload[what]["id"]
    return key


def everybody(desk: Desk) -> Json:
    """Be somebody who may do everything."""
    return {**desk.manager, "scopes": [*desk.manager["scopes"], "tickets:import"]}


async def inputs(desk: Desk) -> dict[str, Json]:
    """Give each mutation an input that would be done, and that says a lot."""
    incident, other, parent, old, held = [
        (await desk.open(title, by=desk.agent))["id"] for title in "ABCDE"
    ]
    change = (await desk.open("F", type="CHANGE", by=desk.agent))["id"]
    item = await laptop(desk)
    answers = [{"key": "model", "value": "13 inches"}]
    request = {"serviceRequest": {"catalogItem": item, "formAnswers": answers}}
    asked = (await desk.open("G", type="SERVICE_REQUEST", details=request))["id"]
    day = {"day": "MONDAY", "opensAt": "09:00", "closesAt": "17:00"}
    closed = {"date": "2026-12-24", "name": "Eve"}
    closed |= {"hours": [{"opensAt": "09:00", "closesAt": "12:00"}]}
    calendar = await made(
        desk,
        "createBusinessCalendar",
        "calendar",
        name="Days",
        timeZone="UTC",
        hours=[day],
    )
    spare = await made(
        desk,
        "createBusinessCalendar",
        "calendar",
        name="Spare",
        timeZone="UTC",
        hours=[day],
    )
    goal = {"target": "RESOLUTION", "priority": "LOW", "within": "PT8H"}
    policy = await made(
        desk, "createSlaPolicy", "policy", name="P", calendarId=calendar, goals=[goal]
    )
    queue = await made(
        desk, "createQueue", "queue", name="Q", filter={"statusCategory": ["NEW"]}
    )
    category = await made(desk, "createCategory", "category", name="Hardware")
    service = await made(desk, "createService", "service", name="Mail")
    status = await made(
        desk, "createTicketStatus", "status", key="parked", name="P", category="ON_HOLD"
    )
    code = await made(
        desk,
        "createResolutionCode",
        "resolutionCode",
        code="odd",
        name="Odd",
        appliesTo=["PROBLEM"],
    )
    field = await made(
        desk, "createCustomField", "customField", key="floor", label="F", kind="TEXT"
    )
    entry = {"key": "floor", "value": "second"}
    form = {"key": "size", "label": "Size", "kind": "CHOICE", "options": ["S", "L"]}
    retold = {"occurredAt": "2026-01-01T00:00:00Z", "actorId": desk.bob}
    group = new_id("grp")
    return {
        "createTicket": {
            "type": "CHANGE",
            "title": "Fire",
            "description": "Much",
            "details": {
                "change": {"plannedStartAt": ahead(days=1), "backoutPlan": "x"}
            },
            "customFields": [entry],
        },
        "updateTicket": {"id": incident, "title": "New", "customFields": [entry]},
        "transitionTicket": {"id": incident, "toStatusKey": "in_progress"},
        "assignTicket": {"id": incident, "groupId": group, "assigneeId": desk.bob},
        "bulkUpdateTickets": {
            "ids": [other],
            "set": {
                "tags": ["x"],
                "toStatusKey": "resolved",
                "resolutionCode": "fixed",
            },
        },
        "createQueue": {"name": "New", "filter": {"statusCategory": ["NEW"]}},
        "updateQueue": {"id": queue, "name": "Newer"},
        "retireQueue": {"id": queue},
        "watchTicket": {"id": other, "watch": True},
        "linkTickets": {"fromId": parent, "toId": other, "kind": "PARENT_OF"},
        "unlinkTickets": {"fromId": parent, "toId": other, "kind": "PARENT_OF"},
        "mergeTickets": {"intoId": parent, "fromIds": [old]},
        "concludeImport": {"ids": [old]},
        "createCategory": {"name": "Printers", "parentId": category},
        "createService": {"name": "Telephone", "ownerId": desk.bob},
        "createBusinessCalendar": {
            "name": "Nights",
            "timeZone": "Europe/Vienna",
            "hours": [day],
            "holidays": [closed],
        },
        "updateBusinessCalendar": {
            "id": calendar,
            "hours": [day],
            "holidays": [closed],
        },
        "retireBusinessCalendar": {"id": spare},
        "createSlaPolicy": {"name": "Fast", "calendarId": calendar, "goals": [goal]},
        "updateSlaPolicy": {"id": policy, "goals": [goal]},
        "retireSlaPolicy": {"id": policy},
        "createTicketStatus": {"key": "later", "name": "L", "category": "ON_HOLD"},
        "updateTicketStatus": {"id": status, "name": "Parking"},
        "setTransition": {
            "type": "CHANGE",
            "fromStatusKey": "new",
            "toStatusKey": "closed",
        },
        "removeTransition": {
            "type": "CHANGE",
            "fromStatusKey": "new",
            "toStatusKey": "closed",
        },
        "configureTicketLifecycle": {"reopenWithin": "P9D", "closeAfter": "P9D"},
        "createResolutionCode": {"code": "new", "name": "N", "appliesTo": ["PROBLEM"]},
        "updateResolutionCode": {"id": code, "name": "Odder"},
        "setPriority": {"impact": "LOW", "urgency": "LOW", "priority": "PLANNING"},
        "createCatalogItem": {"name": "Phone", "serviceId": service, "fields": [form]},
        "updateCatalogItem": {"id": item, "name": "Portable"},
        "createCustomField": {
            "key": "room",
            "label": "Room",
            "kind": "CHOICE",
            "options": ["1", "2"],
        },
        "updateCustomField": {"id": field, "label": "Floor"},
        "updateTicketDetails": {
            "id": change,
            "details": {
                "change": {"plannedStartAt": ahead(days=2), "backoutPlan": "y"}
            },
        },
        "reclassifyTicket": {
            "id": held,
            "type": "PROBLEM",
            "details": {"problem": {"rootCause": "Rust"}},
            **retold,
        },
        "recordApproval": {"id": asked, "state": "GRANTED", "note": "So be it"},
        "updateCategory": {"id": category, "name": "Hard ware"},
        "updateService": {"id": service, "name": "E-mail"},
    }


async def test_what_must_not_stand_in_an_input_is_refused_wherever_it_stands(
    desk: Desk,
) -> None:
    who = everybody(desk)
    tried = await try_everything(
        desk, "tickets", await inputs(desk), who, harmless=HARMLESS
    )
    assert tried > 500
