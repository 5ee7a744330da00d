"""The office of `tests.support.office` with as many of everything as a test wants.

Each list of each operation in schema/operations has ``size`` objects or more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kit.scalars import write_instant
from tests.support.office import Office, opened, person, signed_in
from tests.support.promises import AROUND_THE_CLOCK
from tests.support.stack import Graph

GOALS = [
    {"target": target, "priority": priority, "within": "PT8H"}
    for target in ("FIRST_RESPONSE", "RESOLUTION", "UPDATE")
    for priority in ("LOW", "MODERATE", "HIGH", "CRITICAL", "PLANNING")
]
CHOICE = {"kind": "CHOICE", "options": ["blue", "red"]}


@dataclass
class Desk:
    """The office, how full it is, and the ids that variables name: ``$ticket``."""

    office: Office
    size: int
    words: dict[str, str]

    async def write(self, verb: str, what: str, **given: Any) -> str:
        """Send a mutation as the administrator; give the id of what was made."""
        made = await self.office.write(verb, f"{what} {{ id }}", **given)
        key: str = made[what]["id"]
        return key

    def agent(self, who: str) -> dict[str, Any]:
        """Let somebody be an agent, as `bearer` takes it."""
        return {**(self.office.callers["agent"] or {}), "subject": who}

    async def tell(self, verb: str, **given: Any) -> None:
        """Send a mutation of which nothing needs to be known."""
        await self.office.write(verb, "__typename", **given)


async def filled(graph: Graph, size: int) -> Desk:
    """Fill the office, twice as full for twice the size."""
    office = await opened(graph)
    desk = Desk(office, size, {"$requester": office.subject("requester")})
    for n in range(size):
        await organise(desk, n)
        await configure(desk, n)
    await promise(desk)
    for n in range(size):
        await open_some(desk, n)
    await write_the_one(desk)
    return desk


async def organise(desk: Desk, n: int) -> None:
    """Add a department, people in it, a group, and what each of them has."""
    office, me = desk.office, desk.office.subject("agent")
    department = await desk.write(
        "createDepartment",
        "department",
        code=f"UNIT-{n}",
        name=f"Unit {n}",
        parentId=office.house.departments["it"],
        headId=me,
    )
    office.house.departments[f"unit-{n}"] = department
    name = f"per{n}"
    key = await person(office, name, f"unit-{n}", "agent", manager=me)
    office.house.people[name] = key
    await signed_in(office, "agent")
    members = {"userIds": [key], "skills": ["mail"], "capacity": 9}
    await desk.tell("addGroupMembers", groupId=office.groups["desk"], **members)
    group = await desk.write(
        "createGroup",
        "group",
        name=f"Team {n}",
        kind="ASSIGNMENT",
        parentId=office.groups["desk"],
        departmentId=department,
        leadId=key,
    )
    await desk.tell("addGroupMembers", groupId=group, userIds=[me, key])
    now = datetime.now(UTC)
    for whose in (me, key):
        begins = now + timedelta(days=2 * n + 1)
        await desk.tell(
            "setAvailability",
            userId=whose,
            availability="AWAY",
            startsAt=write_instant(begins),
            until=write_instant(begins + timedelta(days=1)),
        )
    held = {"roleKey": "agent", "scope": "DEPARTMENT", "departmentId": department}
    await desk.tell("assignRole", userId=me, **held)
    desk.words |= {f"$group{n}": group, f"$person{n}": key}


async def configure(desk: Desk, n: int) -> None:
    """Add one of each setting."""
    lead, group = desk.words[f"$person{n}"], desk.words[f"$group{n}"]
    above = desk.office.samples["Category"]
    below = {"parentId": above, "defaultGroupId": group}
    category = await desk.write("createCategory", "category", name=f"Kind {n}", **below)
    service = await desk.write(
        "createService", "service", name=f"Service {n}", ownerId=lead
    )
    form = {"key": "colour", "label": "Colour", **CHOICE}
    item = await desk.write(
        "createCatalogItem",
        "catalogItem",
        name=f"Item {n}",
        serviceId=service,
        approvalRequired=True,
        fields=[form, {**form, "key": "size"}],
    )
    await desk.write(
        "createCustomField",
        "customField",
        key=f"field{n}",
        label=f"Field {n}",
        categoryIds=[category, above],
        **CHOICE,
    )
    await desk.write(
        "createTicketStatus",
        "status",
        key=f"waiting{n}",
        name=f"Waiting {n}",
        category="ON_HOLD",
    )
    for start, end in ((f"waiting{n}", "resolved"), ("in_progress", f"waiting{n}")):
        step = {"fromStatusKey": start, "toStatusKey": end}
        checks = ["MISSING_GROUP", "OPEN_CHILDREN"]
        await desk.tell("setTransition", type="INCIDENT", **step, checks=checks)
    for shared in ({"visibility": "GROUP", "groupId": group}, {}):
        await desk.write(
            "createQueue",
            "queue",
            name=f"Queue {n}",
            filter={"statusCategory": ["NEW", "IN_PROGRESS", "ON_HOLD"]},
            **(shared or {"visibility": "EVERYONE"}),
        )
    await desk.write(
        "createServiceAccount",
        "serviceAccount",
        name=f"Program {n}",
        scopes=["tickets:read"],
    )
    desk.words |= {f"$category{n}": category, f"$service{n}": service}
    desk.words |= {f"$item{n}": item}


async def promise(desk: Desk) -> None:
    """Add policies, each with a calendar of its own; the first fits all tickets."""
    for n in range(desk.size):
        calendar = await desk.write(
            "createBusinessCalendar",
            "calendar",
            name=f"Hours {n}",
            timeZone="UTC",
            hours=AROUND_THE_CLOCK,
            holidays=[
                {"date": f"2030-01-{d + 1:02}", "name": "Off"} for d in range(n + 1)
            ],
        )
        some = {
            "categoryIds": [desk.words[f"$category{n}"]],
            "serviceIds": [desk.words[f"$service{n}"]],
            "groupIds": [desk.words[f"$group{n}"]],
        }
        await desk.write(
            "createSlaPolicy",
            "policy",
            name=f"Promise {n}",
            calendarId=calendar,
            goals=GOALS,
            **(some if n else {}),
        )
        desk.words["$calendar"] = calendar


async def open_some(desk: Desk, n: int) -> None:
    """Open a ticket of each type that the agent works on, with everything on it."""
    group, people = desk.office.groups["desk"], desk.office.house.people
    shared: dict[str, Any] = {
        "requesterId": desk.words["$requester"],
        "groupId": group,
        "assigneeId": people["ann"],
        "categoryId": desk.words[f"$category{n}"],
        "serviceId": desk.words[f"$service{n}"],
        "tags": ["mail", "printer"],
    }
    answers = [{"key": "colour", "value": "red"}, {"key": "size", "value": "blue"}]
    request = {"catalogItem": desk.words[f"$item{n}"], "formAnswers": answers}
    plan = {"kind": "EMERGENCY", "risk": "LOW", "backoutPlan": "Undo it."}
    details: dict[str, dict[str, Any]] = {
        "INCIDENT": {},
        "SERVICE_REQUEST": {"serviceRequest": request},
        "PROBLEM": {"problem": {"isKnownError": True, "workaround": "Restart."}},
        "CHANGE": {"change": plan},
    }
    for kind, given in details.items():
        key = await desk.write(
            "createTicket",
            "ticket",
            type=kind,
            title=f"Printer on fire {n}",
            description="It burns, and nobody knows for how long.",
            **shared,
            **({"details": given} if given else {}),
        )
        desk.words[f"${kind}{n}"] = key
        await desk.office.say(key, "PUBLIC", "We look at it.")
    for kind in ("CHANGE", "SERVICE_REQUEST"):
        hold = {"toStatusKey": "on_hold", "holdReason": "APPROVAL"}
        await desk.tell("transitionTicket", id=desk.words[f"${kind}{n}"], **hold)
    solved = await desk.write(
        "createTicket", "ticket", **shared, type="INCIDENT", title="Solved"
    )
    for step in ("resolved", "in_progress", "resolved"):
        code = {"resolutionCode": "FIXED"} if step == "resolved" else {}
        await desk.tell("transitionTicket", id=solved, toStatusKey=step, **code)
    tie = {"fromId": desk.words[f"$INCIDENT{n}"], "kind": "CAUSED_BY"}
    for m in range(n + 1):
        await desk.tell("linkTickets", toId=desk.words[f"$PROBLEM{m}"], **tie)


async def write_the_one(desk: Desk) -> None:
    """Open the ticket whose every list is as long as the office is full."""
    people, words = desk.office.house.people, desk.words
    change, problem = words["$CHANGE0"], words["$PROBLEM0"]
    key = await desk.write(
        "createTicket",
        "ticket",
        type="INCIDENT",
        title="The one",
        requesterId=words["$requester"],
        groupId=desk.office.groups["desk"],
        assigneeId=people["ann"],
        categoryId=words["$category0"],
        serviceId=words["$service0"],
        customFields=[{"key": "field0", "value": "red"}],
        details={"incident": {"causedByChange": change, "knownError": problem}},
    )
    await desk.tell("transitionTicket", id=key, toStatusKey="in_progress")
    above = await desk.write(
        "createTicket",
        "ticket",
        type="INCIDENT",
        title="Above",
        requesterId=words["$requester"],
        groupId=desk.office.groups["desk"],
    )
    await desk.tell("linkTickets", fromId=above, toId=key, kind="PARENT_OF")
    for n in range(desk.size):
        other, who = words[f"$INCIDENT{n}"], words[f"$person{n}"]
        kind = "RELATES_TO" if n % 2 else "BLOCKS"
        await desk.tell("linkTickets", fromId=key, toId=other, kind=kind)
        await desk.tell("linkTickets", fromId=key, toId=other, kind="PARENT_OF")
        await desk.tell("watchTicket", id=key, userId=who, watch=True)
        await desk.tell("updateTicket", id=key, title=f"The one, {n}", actorId=who)
        said = {"ticketId": key, "visibility": "INTERNAL", "actorId": who}
        earlier = {"inReplyToId": words["$comment"]} if n else {}
        made = await desk.office.write(
            "addComment",
            "commentEdge { node { id } }",
            body=f"Look at this, number {n}.",
            mentionIds=[people["ann"], words[f"$person{n}"]],
            **said,
            **earlier,
        )
        words["$comment"] = made["commentEdge"]["node"]["id"]
    for n in range(desk.size):
        document = """mutation ($in: UpdateCommentInput!) {
          updateComment(input: $in) { userErrors { code } } }"""
        given = {"id": words["$comment"], "body": f"Look at this once more, {n}."}
        author = desk.agent(words[f"$person{desk.size - 1}"])
        data = await desk.office.graph.data(document, {"in": given}, **author)
        assert data["updateComment"]["userErrors"] == []
    data = await desk.office.graph.data(
        "query ($id: ID!) { ticket(id: $id) { number } }",
        {"id": key},
        **(desk.office.callers["importer"] or {}),
    )
    words |= {
        "$ticket": key,
        "$number": data["ticket"]["number"],
        "$group": desk.office.groups["desk"],
        "$department": desk.office.house.departments["it"],
        "$agent": people["ann"],
        "$queue": desk.office.samples["Queue"],
    }
