"""The house of `tests.support.house` at work: one of everything, callers of each role.

What is written carries a word that tells where it belongs (``SECRET-group-title``), so
that a test finds what leaked in any answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from kit.ids import new_id
from subgraphs.auth.models import SessionRow
from subgraphs.auth.repository import accounts
from subgraphs.users.models import RoleAssignmentRow, RoleRow, RoleScope, UserRow
from tests.support.house import House, settled
from tests.support.stack import Graph
from tests.support.tokens import bearer

RELATIONS = ("own", "group", "department", "foreign")
"""Whose a ticket is, as seen by those below: their own; with the agent's group; of the
manager's department; none of it."""

PEOPLE = {
    "stranger": ("sam", "company", "requester"),
    "requester": ("rea", "company", "requester"),
    "agent": ("ann", "it", "agent"),
    "manager": ("fay", "sales", "manager"),
    "admin": ("ada", "company", "admin"),
    "analyst": ("noa", "company", "analyst"),
}
"""A caller of each role: their name, where they belong, and the role they hold."""

INTEGRATION = ("users:read", "tickets:read", "tickets:write")

Who = Mapping[str, Any]
Json = dict[str, Any]


@dataclass
class Office:
    """The running graph, who is in it, and what there is.

    ``callers`` are given to `bearer`; None is nobody. ``tickets`` are by relation,
    one's own as ``own-<role>``; ``comments`` by ticket: the reply and the note.
    """

    graph: Graph
    house: House
    callers: dict[str, Who | None] = field(default_factory=dict[str, Who | None])
    groups: dict[str, str] = field(default_factory=dict[str, str])
    tickets: dict[str, str] = field(default_factory=dict[str, str])
    comments: dict[str, tuple[str, str]] = field(
        default_factory=dict[str, tuple[str, str]]
    )
    samples: dict[str, str] = field(default_factory=dict[str, str])
    """An id of each type that is a Node, of things that an administrator sees."""

    def headers(self, role: str) -> dict[str, str]:
        """Make the request headers of a caller of this role."""
        who = self.callers[role]
        return {} if who is None else bearer(**who)

    def subject(self, role: str) -> str:
        """Give the id of who plays a role."""
        who = self.callers[role]
        return "" if who is None else str(who["subject"])

    async def write(self, verb: str, what: str, **given: Any) -> Json:
        """Send a mutation as the administrator; it must succeed."""
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        document = f"""mutation ($in: {kind}!) {{
          {verb}(input: $in) {{ {what} userErrors {{ code path message }} }} }}"""
        admin = self.callers["importer"]
        assert admin is not None
        payload: Json = (await self.graph.data(document, {"in": given}, **admin))[verb]
        assert payload["userErrors"] == [], (verb, given, payload)
        return payload

    async def open(self, word: str, requester: str, **given: Any) -> str:
        """Open a ticket whose texts all bear a word, resolve it, and talk about it."""
        made = await self.write(
            "createTicket",
            "ticket { id }",
            type="INCIDENT",
            title=f"SECRET-{word}-title",
            description=f"SECRET-{word}-description",
            tags=[f"SECRET-{word}-tag"],
            requesterId=requester,
            categoryId=self.samples["Category"],
            serviceId=self.samples["Service"],
            **given,
        )
        key: str = made["ticket"]["id"]
        await self.write(
            "transitionTicket",
            "event { id }",
            id=key,
            toStatusKey="resolved",
            resolutionCode=f"SECRET-{word}-code",
            resolutionNotes=f"SECRET-{word}-notes",
            note=f"SECRET-{word}-step",
        )
        self.comments[key] = (
            await self.say(key, "PUBLIC", f"SECRET-{word}-reply"),
            await self.say(key, "INTERNAL", f"HIDDEN-{word}-note"),
        )
        return key

    async def calendar(self, name: str) -> str:
        """Make a calendar of business hours."""
        made = await self.write(
            "createBusinessCalendar",
            "calendar { id }",
            name=name,
            timeZone="Europe/Vienna",
            hours=[{"day": "MONDAY", "opensAt": "09:00", "closesAt": "17:00"}],
        )
        key: str = made["calendar"]["id"]
        return key

    async def policy(self, name: str, calendar: str) -> str:
        """Make a promise of how long things take."""
        goal = {"target": "RESOLUTION", "priority": "PLANNING", "within": "PT8H"}
        made = await self.write(
            "createSlaPolicy",
            "policy { id }",
            name=name,
            calendarId=calendar,
            goals=[goal],
        )
        key: str = made["policy"]["id"]
        return key

    async def say(
        self, ticket: str, visibility: str, body: str, *, author: str | None = None
    ) -> str:
        """Write a comment, in the agent's name or somebody else's."""
        made = await self.write(
            "addComment",
            "commentEdge { node { id } }",
            ticketId=ticket,
            visibility=visibility,
            body=body,
            actorId=author or self.subject("agent"),
        )
        key: str = made["commentEdge"]["node"]["id"]
        return key


async def opened(graph: Graph) -> Office:
    """Move everybody in, and let them work."""
    office = Office(graph, await settled(graph.stack.services["users"].database))
    await hire(office)
    await equip(office)
    sam, fay = office.subject("stranger"), office.subject("manager")
    desk = office.groups["desk"]
    for role in PEOPLE:
        word = f"own-{role}"
        office.tickets[word] = await office.open(word, office.subject(role))
    office.tickets["group"] = await office.open("group", sam, groupId=desk)
    hal = await person(office, "hal", "sales", "requester", manager=fay)
    office.tickets["department"] = await office.open("department", hal)
    ivo = await person(office, "ivo", "operations", "requester")
    elsewhere = office.groups["elsewhere"]
    office.tickets["foreign"] = await office.open("foreign", ivo, groupId=elsewhere)
    foreign = office.tickets["foreign"]
    query = "query ($id: ID!) { ticket(id: $id) { history { nodes { id } } } }"
    admin = office.callers["admin"] or {}
    history = (await graph.data(query, {"id": foreign}, **admin))["ticket"]["history"]
    office.samples |= {
        "Ticket": foreign,
        "TicketEvent": history["nodes"][0]["id"],
        "Comment": office.comments[foreign][1],
    }
    return office


async def hire(office: Office) -> None:
    """Let a caller of each role be there, with what the role allows."""
    database = office.graph.stack.services["users"].database
    async with database.unit_of_work() as session:
        roles = {each.key: each for each in await session.scalars(select(RoleRow))}
    for role, (name, unit, key) in PEOPLE.items():
        if name not in office.house.people:
            office.house.people[name] = await person(office, name, unit, key)
        scopes = list(roles[key].permissions)
        who = {"subject": office.house.people[name], "scopes": scopes, "roles": [key]}
        office.callers[role] = who
    office.callers["nobody"] = None
    bare = await person(office, "kim", "company", "requester")
    office.callers["bare"] = {"subject": bare, "scopes": []}
    account = {"subject": new_id("sva"), "session": None}
    office.callers["integration"] = {**account, "scopes": list(INTEGRATION)}
    everything = [*roles["admin"].permissions, "tickets:manage"]
    office.callers["importer"] = {
        "subject": new_id("sva"),
        "session": None,
        "scopes": everything,
    }
    office.samples |= {
        "Department": office.house.departments["operations"],
        "Role": roles["agent"].id,
    }


async def person(
    office: Office, name: str, unit: str, role: str, *, manager: str | None = None
) -> str:
    """Let somebody move in who holds a role everywhere."""
    database = office.graph.stack.services["users"].database
    key = new_id("usr")
    async with database.unit_of_work() as session:
        wanted = select(RoleRow.id).where(RoleRow.key == role)
        role_id = (await session.scalars(wanted)).one()
        session.add(
            UserRow(
                id=key,
                email=f"{name}@example.com",
                name=f"{name.title()} Example",
                department_id=office.house.departments[unit],
                manager_id=manager,
            )
        )
        await session.flush()
        held = {"user_id": key, "role_id": role_id, "scope": RoleScope.GLOBAL}
        session.add(RoleAssignmentRow(id=new_id("ras"), **held))
    office.house.people[name] = key
    office.samples["User"] = key
    return key


async def equip(office: Office) -> None:
    """Make groups, settings, a service account and a session."""
    for word, lead in (("desk", "agent"), ("elsewhere", "admin")):
        made = await office.write(
            "createGroup",
            "group { id }",
            name=f"Group {word}",
            kind="ASSIGNMENT",
            leadId=(leader := office.subject(lead)),
        )
        key = office.groups[word] = made["group"]["id"]
        them = [leader]
        await office.write("addGroupMembers", "group { id }", groupId=key, userIds=them)
    category = await office.write("createCategory", "category { id }", name="Things")
    owner = office.subject("admin")
    service = await office.write(
        "createService", "service { id }", name="Mail", ownerId=owner
    )
    account = await office.write(
        "createServiceAccount",
        "serviceAccount { id }",
        name="Monitoring",
        scopes=["tickets:read"],
    )
    statuses = await office.graph.data(
        "{ ticketStatuses { id } }", **(office.callers["admin"] or {})
    )
    calendar = await office.calendar("Mondays")
    item = await office.write("createCatalogItem", "catalogItem { id }", name="Laptop")
    shared = {"name": "New ones", "visibility": "EVERYONE", "filter": {}}
    queue = await office.write("createQueue", "queue { id }", **shared)
    office.samples |= {
        "BusinessCalendar": calendar,
        "CatalogItem": item["catalogItem"]["id"],
        "Queue": queue["queue"]["id"],
        "SlaPolicy": await office.policy("Patience", calendar),
        "Group": office.groups["elsewhere"],
        "Category": category["category"]["id"],
        "Service": service["service"]["id"],
        "ServiceAccount": account["serviceAccount"]["id"],
        "TicketStatus": statuses["ticketStatuses"][0]["id"],
        "Session": await signed_in(office, "admin"),
    }


async def signed_in(office: Office, role: str) -> str:
    """Let whoever plays a role have signed in on a device."""
    key, now, user_id = new_id("ses"), datetime.now(UTC), office.subject(role)
    email, address = f"{PEOPLE[role][0]}@example.com", "SECRET-session-address"
    scopes = sorted((office.callers[role] or {})["scopes"])
    async with office.graph.stack.services["auth"].database.unit_of_work() as session:
        await accounts.put_account(session, user_id, email, "no password's hash", now)
        moments = {"rotated_at": now, "created_at": now, "last_seen_at": now}
        session.add(
            SessionRow(
                id=key,
                user_id=user_id,
                generation=1,
                expires_at=now + timedelta(hours=1),
                device_name=address,
                scopes=scopes,  # or auth's watch would end it
                roles=[role],
                **moments,
            )
        )
    return key
