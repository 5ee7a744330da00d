"""Following groups: what their events tell is what is known of them here."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Database
from kit.outbox.follower import Follower, Graph, Told
from kit.scalars import read_instant
from subgraphs.tickets.models import FEED_CURSORS
from subgraphs.tickets.repository import groups_known

FEED: Final = "groupEventFeed"
NAME: Final = "tickets.groups"


def groups_follower(database: Database, graph: Graph) -> Follower:
    """Make the follower; it can begin anew at any time, as it writes a copy only."""
    return Follower(
        NAME,
        FEED,
        graph,
        database,
        cursors=FEED_CURSORS,
        apply=apply,
        forget=groups_known.drop_all,
    )


async def apply(session: AsyncSession, events: Sequence[Told]) -> None:
    """Know what the events tell; kinds that are not known here are left out."""
    for event in events:
        match event.kind:
            case "GROUP_CREATED" | "GROUP_CHANGED":
                await know_group(session, event)
            case "MEMBERS_ADDED" | "MEMBERS_CHANGED":
                await know_members(session, event)
            case "MEMBERS_REMOVED":
                gone = event.payload["userIds"]
                await groups_known.drop_members(session, event.entity_id, gone)
            case "AVAILABILITY_CHANGED":
                await know_availability(session, event)
            case _:
                pass


async def know_group(session: AsyncSession, event: Told) -> None:
    """Know a group as the event tells it whole."""
    told = event.payload
    values = {
        "id": event.entity_id,
        "name": told["name"],
        "kind": told["kind"],
        "parent_id": told["parentId"],
        "department_id": told["departmentId"],
        "lead_id": told["leadId"],
        "assignment_policy": told["assignmentPolicy"],
    }
    await groups_known.put_group(session, values)


async def know_members(session: AsyncSession, event: Told) -> None:
    """Know who came, or what they can do now."""
    told = event.payload
    await groups_known.put_members(
        session,
        event.entity_id,
        told["userIds"],
        skills=told["skills"],
        capacity=told["capacity"],
        at=event.at,
    )


async def know_availability(session: AsyncSession, event: Told) -> None:
    """Know whether the event's person can be given work, from when until when.

    Events tell all that is noted of the person. Old ones tell what was said alone:
    what is said of now ends what had begun. A leave to come takes effect when it
    begins, without another event.
    """
    told, whose = event.payload, event.entity_id
    if "absences" in told:
        await groups_known.put_absences(session, whose, told["absences"])
        return
    starts, until = told.get("startsAt"), told["until"]
    if starts is None:
        await groups_known.drop_begun(session, whose, event.at)
    if told["availability"] == groups_known.AVAILABLE:
        return
    await groups_known.put_availability(
        session,
        whose,
        told["availability"],
        event.at if starts is None else read_instant(starts),
        None if until is None else read_instant(until),
    )
