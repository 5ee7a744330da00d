"""Fill an empty installation with the demo company, as a client of its graph.

Only the first administrator is made otherwise (`helpnest.first_admin`). Every
write carries an idempotency key, so that a start which was cut short goes on where
it was, and nothing is there twice.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx

from helpnest.demo.catalogue import lay_out, line_up
from helpnest.demo.company import ADMIN, PEOPLE, PERSONS, SIGN_INS, TEAMS, UNITS
from helpnest.demo.credentials import Credentials, kept
from helpnest.demo.graph import Graph
from helpnest.demo.promises import promise
from helpnest.demo.stories import STORIES
from helpnest.demo.stories.story import CATEGORIES, SERVICES, Story
from helpnest.demo.ties import conclude, tie
from helpnest.demo.timeline import Deed, deeds_of
from helpnest.first_admin import make_admin, nobody_lives_here
from helpnest.postgres.folder import make_home
from helpnest.progress import Announce
from subgraphs.users.service.people import UserChanges

Ids = dict[str, str]


async def move_in(
    http: httpx.AsyncClient, urls: Mapping[str, str], home: Path, announce: Announce
) -> Credentials | None:
    """Move the company in, unless somebody lives there; say how to sign in.

    ``http`` reaches the running graph, ``urls`` are the domains' databases. None
    where the people are not ours.

    Raises:
        DemoError: the graph refused something.

    """
    known = kept(home)
    if known and known.complete:
        return known
    if known is None:
        if not await nobody_lives_here(urls["users"]):
            return None
        known = Credentials(datetime.now(UTC).replace(microsecond=0).isoformat())
        known.keep(make_home(home))
    graph = Graph(http)
    announce("Moving the demo company in: people and departments")
    people, teams = await settle_people(graph, urls, known)
    announce("Moving the demo company in: weeks of tickets")
    made = await settings(graph, people)
    made |= await lay_out(graph, made)
    await line_up(graph, teams)
    await promise(graph, known.began)
    tickets = await retell(graph, people, teams, made, known.began)
    await tie(graph, people, tickets, known.began)
    await conclude(graph, list(tickets.values()))
    announce("Moving the demo company in: passwords")
    await hand_out_passwords(graph, people, known)
    known.complete = True
    known.keep(home)
    return known


async def settle_people(
    graph: Graph, urls: Mapping[str, str], known: Credentials
) -> tuple[Ids, Ids]:
    """Make departments and people, each under the one above, and their teams.

    Gives the ids of people by key, and of the team that tickets reach each by.
    """
    admin = PERSONS[ADMIN]
    details: UserChanges = {
        "name": admin.name,
        "locale": admin.locale,
        "time_zone": admin.zone,
    }
    admin_id, password = await make_admin(urls, admin.email, details)
    known.passwords[admin.email] = password
    await graph.sign_in(admin.email, password)
    units: Ids = {}
    for unit in UNITS:
        given = {
            "code": unit.code,
            "name": unit.name,
            "parentId": units.get(unit.parent or ""),
        }
        made = await graph.write(
            "createDepartment", given, "department { id }", f"unit:{unit.code}"
        )
        units[unit.code] = made["department"]["id"]
    people: Ids = {ADMIN: admin_id}
    for person in PEOPLE:
        at = {
            "departmentId": units[person.unit],
            "managerId": people.get(person.manager or ""),
        }
        if person.key == ADMIN:
            given = {"id": admin_id, **at}
            await graph.write("updateUser", given, "user { id }", f"place:{ADMIN}")
            continue
        given = {
            "email": person.email,
            "name": person.name,
            "roleKeys": list(person.roles),
            "locale": person.locale,
            "timeZone": person.zone,
            **at,
        }
        made = await graph.write(
            "createUser", given, "user { id }", f"person:{person.key}"
        )
        people[person.key] = made["user"]["id"]
    await appoint(graph, units, people)
    return people, await form_teams(graph, units, people)


async def appoint(graph: Graph, units: Ids, people: Ids) -> None:
    """Put heads at the departments' heads, and see off who has left."""
    for unit in UNITS:
        given = {"id": units[unit.code], "headId": people[unit.head]}
        select, key = "department { id }", f"head:{unit.code}"
        await graph.write("updateDepartment", given, select, key)
    for person in PEOPLE:
        if person.left:
            given = {"id": people[person.key], "active": False}
            await graph.write("updateUser", given, "user { id }", f"left:{person.key}")


async def form_teams(graph: Graph, units: Ids, people: Ids) -> Ids:
    """Make groups and put people into them; give each agent's group by their key."""
    made: Ids = {}
    works_in: Ids = {}
    for team in TEAMS:
        given: dict[str, object] = {
            "name": team.name,
            "kind": team.kind,
            "parentId": made.get(team.parent or ""),
            "departmentId": units[team.unit],
            "leadId": people[team.lead],
            "assignmentPolicy": team.policy,
        }
        payload = await graph.write(
            "createGroup", given, "group { id }", f"team:{team.name}"
        )
        group_id: str = payload["group"]["id"]
        made[team.name] = group_id
        them = {"groupId": group_id, "userIds": [people[key] for key in team.members]}
        key = f"members:{team.name}"
        await graph.write("addGroupMembers", them, "group { id }", key)
        if team.kind == "ASSIGNMENT":
            works_in |= dict.fromkeys(team.members, group_id)
    return works_in


async def settings(graph: Graph, people: Ids) -> Ids:
    """Make categories and services; give ids by name."""
    made: Ids = {}
    for outer, inner in CATEGORIES.items():
        for name, parent in ((outer, None), *((each, outer) for each in inner)):
            payload = await graph.write(
                "createCategory",
                {"name": name, "parentId": made.get(parent or "")},
                "category { id }",
                f"category:{name}",
            )
            made[name] = payload["category"]["id"]
    for name, owner in SERVICES.items():
        given = {"name": name, "ownerId": people[owner]}
        payload = await graph.write(
            "createService", given, "service { id }", f"service:{name}"
        )
        made[name] = payload["service"]["id"]
    return made


async def retell(
    graph: Graph, people: Ids, teams: Ids, made: Ids, now: datetime
) -> dict[tuple[str, str], str]:
    """Do everything again that was done to tickets in the weeks before ``now``.

    Gives the tickets' ids by title and requester.
    """
    tickets: Ids = {}
    found: dict[tuple[str, str], str] = {}
    for number, deed in enumerate(deeds_of(STORIES, now)):
        verb, given = mutation_of(deed, people, made, tickets)
        if verb == "assignTicket":
            given["groupId"] = teams[deed.values["assigneeId"]]
        given |= {"occurredAt": deed.at.isoformat(), "actorId": people[deed.actor]}
        key = f"ticket:{number}:{deed.ticket}"
        payload = await graph.write(verb, given, "ticket { id }", key)
        tickets[deed.ticket] = payload["ticket"]["id"]
        if deed.verb == "open":
            found[deed.story.title, deed.actor] = tickets[deed.ticket]
    return found


def mutation_of(
    deed: Deed, people: Ids, made: Ids, tickets: Ids
) -> tuple[str, dict[str, object]]:
    """Say which mutation a deed is, and with which input."""
    values: dict[str, object] = dict(deed.values)
    if deed.verb == "assign":
        values["assigneeId"] = people[deed.values["assigneeId"]]
        return "assignTicket", {"id": tickets[deed.ticket], **values}
    if deed.verb == "say":
        return "addComment", {"ticketId": tickets[deed.ticket], **values}
    if deed.verb == "move":
        return "transitionTicket", {"id": tickets[deed.ticket], **values}
    story = deed.story
    return "createTicket", {
        "type": story.type,
        "title": story.title,
        "description": story.text,
        "requesterId": people[deed.actor],
        "channel": story.channel,
        "impact": story.impact,
        "urgency": story.urgency,
        "categoryId": made[story.category],
        "serviceId": made[story.service],
        "tags": list(story.tags),
        "details": asked_for(story, made),
        "customFields": entries(story.fields),
    }


def asked_for(story: Story, made: Ids) -> dict[str, object] | None:
    """Say what of the catalogue a story asks for, with the form's answers."""
    if story.item is None:
        return None
    answers = entries(story.answers)
    return {"serviceRequest": {"catalogItem": made[story.item], "formAnswers": answers}}


def entries(values: Mapping[str, object]) -> list[dict[str, object]]:
    """Write values by their keys as the graph takes them."""
    return [{"key": key, "value": value} for key, value in values.items()]


async def hand_out_passwords(graph: Graph, people: Ids, known: Credentials) -> None:
    """Give those of `SIGN_INS` an account each."""
    for key, _ in SIGN_INS:
        if key == ADMIN:
            continue
        given = {"userId": people[key]}
        payload = await graph.write("issuePassword", given, "password", None)
        known.passwords[PERSONS[key].email] = payload["password"]
