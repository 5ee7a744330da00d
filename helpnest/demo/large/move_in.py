"""Grow the demo company that lives here: people by the graph, tickets by COPY."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import asyncpg

from helpnest.demo.company import ADMIN, DESK_AGENT, PERSONS
from helpnest.demo.credentials import Credentials
from helpnest.demo.graph import Graph
from helpnest.demo.large.clocks import read_clocks
from helpnest.demo.large.follower import lead_past, place_of
from helpnest.demo.large.lives import Life, lives
from helpnest.demo.large.load import known_to, reserve_numbers, write_lives
from helpnest.demo.large.organisation import Organisation, Somebody
from helpnest.progress import Announce
from kit.database import Database
from subgraphs.tickets.repository import sla
from subgraphs.tickets.service.sla.policies import Promises
from subgraphs.tickets.service.sla.promises import promises_at

AT_ONCE: Final = 16
SAY_EVERY: Final = 500
PART_OF: Final = (
    "query ($first: Int!) { departments(first: $first) { nodes { id code } } }"
)
MOST: Final = 100
BY_EMAIL: Final = (
    "query ($email: String!) "
    "{ users(first: 1, filter: {email: {eq: $email}}) { nodes { id } } }"
)
SEATS: Final = 2
"""Groups of the large company that the desk's agent, who signs in, is in."""
READ_WITHIN: Final = 300
"""Seconds."""
STALE: Final = """
SELECT EXISTS (
  SELECT 1 FROM tickets WHERE status_category IN ('NEW', 'IN_PROGRESS', 'ON_HOLD')
  AND sla_revision < (SELECT coalesce(max(number), 0) FROM sla_revision))
"""
"""Whether a ticket's clocks were read by older policies than there are."""

Item = TypeVar("Item")
Ids = dict[str, str]


async def grow(
    graph: Graph,
    known: Credentials,
    company: Organisation,
    announce: Announce,
    *,
    urls: Mapping[str, str],
    count: int,
) -> None:
    """Move in whoever is not there yet, and write ``count`` tickets of theirs.

    Who was made before a first try was cut short is not made twice; the tickets, their
    clocks and what was said about them are written all or not at all. ``urls`` are the
    databases' by domain.

    Raises:
        DemoError: the graph refused something.

    """
    await sign_in(graph, known)
    units = await departments(graph, company)
    people = await hire(graph, company.people, units, announce)
    await sign_in(graph, known)  # the first token may be old by now
    announce(f"{len(company.teams)} groups")
    teams = await form(graph, company, units, people)
    await seat(graph, teams)
    where = [
        (people[n], units[each.department]) for n, each in enumerate(company.people)
    ]
    promises = await promises_of(urls["tickets"])
    async with connected(urls["tickets"]) as tickets:
        seen = await known_to(tickets, where, teams)
        first = await reserve_numbers(tickets, count)

        def done(written: int) -> None:
            announce(f"{written:,} of {count:,} tickets")

        now = datetime.now(UTC)
        told = with_clocks(lives(seen, now, first, count), promises, teams, now)
        async with connected(urls["comments"]) as comments:
            async with tickets.transaction():
                await written(tickets, comments, told, done)
            announce("Sweeping, and gathering statistics")
            await comments.execute("VACUUM (ANALYZE) comments, events")
        await clocks_read(tickets)
        await tickets.execute("VACUUM (ANALYZE) tickets, events, sla_clocks")


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Any]:
    """Hold a connection for a while."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def written(
    tickets: Any, comments: Any, told: Iterator[Life], done: Callable[[int], None]
) -> None:
    """Write lives in the transaction of tickets that is open, and one of comments."""
    async with comments.transaction():
        before = await place_of(comments)
        said = await write_lives(tickets, comments, told, done)
        await lead_past(tickets, comments, before, said)


async def promises_of(url: str) -> Promises:
    """Read what the desk promises."""
    async with Database(url) as database, database.unit_of_work() as session:
        return await promises_at(session, await sla.revision(session))


def with_clocks(
    told: Iterator[Life],
    promises: Promises,
    teams: Sequence[tuple[str, Sequence[str]]],
    now: datetime,
) -> Iterator[Life]:
    """Give lives their clocks; the first member of a team leads it."""
    leads = {team: members[0] for team, members in teams}
    for life in told:
        life.clocks = read_clocks(life, promises, leads, now)
        yield life


async def clocks_read(connection: Any) -> None:
    """Wait until the desk itself has read the clocks of every open ticket.

    Not for ever: what is left, it reads at the next start.
    """
    for _ in range(READ_WITHIN):
        if not await connection.fetchval(STALE):
            return
        await asyncio.sleep(1)


async def sign_in(graph: Graph, known: Credentials) -> None:
    """Be the company's administrator."""
    email = PERSONS[ADMIN].email
    await graph.sign_in(email, known.passwords[email])


async def departments(graph: Graph, company: Organisation) -> Ids:
    """Make the sites and their departments, below the company that is there."""
    found = await graph.ask(PART_OF, {"first": MOST})
    units: Ids = {each["code"]: each["id"] for each in found["departments"]["nodes"]}
    for code, name, above in company.departments:
        given = {"code": code, "name": name, "parentId": units[above]}
        made = await graph.write(
            "createDepartment", given, "department { id }", f"large:{code}"
        )
        units[code] = made["department"]["id"]
    return units


async def hire(
    graph: Graph, people: Sequence[Somebody], units: Ids, announce: Announce
) -> dict[int, str]:
    """Make the people, managers before those who report to them."""
    made: dict[int, str] = {}
    levels: dict[int, list[int]] = {}
    depth: dict[int, int] = {}
    for n, each in enumerate(people):
        depth[n] = 0 if each.manager is None else depth[each.manager] + 1
        levels.setdefault(depth[n], []).append(n)

    async def one(n: int) -> None:
        each = people[n]
        given: dict[str, object] = {
            "email": each.email,
            "name": each.name,
            "locale": each.locale,
            "timeZone": each.zone,
            "departmentId": units[each.department],
            "roleKeys": ["requester", "agent"] if each.agent else ["requester"],
        }
        if each.manager is not None:
            given["managerId"] = made[each.manager]
        key = f"large:{each.email}"
        payload = await graph.write("createUser", given, "user { id }", key)
        made[n] = payload["user"]["id"]
        if len(made) % SAY_EVERY == 0:
            announce(f"{len(made):,} of {len(people):,} people")

    announce(f"{len(people):,} people")
    for level in sorted(levels):
        await side_by_side(levels[level], one)
    return made


async def form(
    graph: Graph, company: Organisation, units: Ids, people: dict[int, str]
) -> list[tuple[str, list[str]]]:
    """Make the groups and put their members in; give ids."""
    made: list[tuple[str, list[str]]] = []
    for team in company.teams:
        members = [people[n] for n in team.members]
        given: dict[str, Any] = {
            "name": team.name,
            "kind": "ASSIGNMENT",
            "departmentId": units[team.department],
            "leadId": members[0],
            "assignmentPolicy": team.policy,
        }
        payload = await graph.write(
            "createGroup", given, "group { id }", f"large:{team.name}"
        )
        group: str = payload["group"]["id"]
        them = {"groupId": group, "userIds": members}
        key = f"large:members:{team.name}"
        await graph.write("addGroupMembers", them, "group { id }", key)
        made.append((group, members))
    return made


async def seat(graph: Graph, teams: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Let the agent who can sign in work in some of the groups."""
    found = await graph.ask(BY_EMAIL, {"email": PERSONS[DESK_AGENT].email})
    agent: str = found["users"]["nodes"][0]["id"]
    for group, _ in teams[:SEATS]:
        them = {"groupId": group, "userIds": [agent]}
        await graph.write(
            "addGroupMembers", them, "group { id }", f"large:seat:{group}"
        )


async def side_by_side(
    items: Sequence[Item], work: Callable[[Item], Awaitable[None]]
) -> None:
    """Do the work for each item, some at a time; the first error ends it."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())
