"""What must be known before a ticket is opened: who is to have it, and who watches."""

from collections.abc import Sequence

from kit.database import Database
from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.repository import catalog
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.assignment import Plan, plan_opening, retold
from subgraphs.tickets.service.open_ticket import NewTicket
from subgraphs.tickets.service.people import People
from subgraphs.tickets.service.rosters import Rosters
from subgraphs.tickets.service.watch import MOST_WATCHERS

NOT_CHOSEN = "The group that its category names could not be asked: nobody was chosen."


async def plan_for(
    database: Database,
    people: People,
    rosters: Rosters,
    wanted: NewTicket,
    *,
    past: bool,
) -> Plan:
    """Ask what must be known of a new ticket's group, assignee and watchers.

    Of the past, less. What speaks against them is in the plan.
    """
    try:
        texts.foreign_id(wanted.group_id, "grp", "groupId", "group")
        await check_watchers(people, wanted.watcher_ids, past=past)
        if past:
            if wanted.assignee_id is not None:
                await people.assignee(wanted.assignee_id)
            return retold()
        if wanted.group_id is None and wanted.category_id is not None:
            return await plan_by_category(database, people, rosters, wanted)
        return await plan_opening(people, rosters, wanted.group_id, wanted.assignee_id)
    except RejectedError as rejected:
        return Plan(refusal=rejected)


async def plan_by_category(
    database: Database, people: People, rosters: Rosters, wanted: NewTicket
) -> Plan:
    """Plan for the group that a new ticket's category gives it to, if it does.

    Nobody named that group, so that it cannot be asked is a warning and no refusal.

    Raises:
        RejectedError: as `plan_opening` says, of the person alone.

    """
    async with database.unit_of_work() as session:
        group_id = await catalog.default_group(session, str(wanted.category_id))
    try:
        return await plan_opening(people, rosters, group_id, wanted.assignee_id)
    except RejectedError as rejected:
        if rejected.path != ["input", "groupId"]:
            raise
        return Plan(group_id, warnings=[NOT_CHOSEN])


async def check_watchers(
    people: People, user_ids: Sequence[str], *, past: bool
) -> None:
    """Check who is to watch a new ticket.

    Raises:
        RejectedError: TOO_LONG, or with the place in the list NOT_FOUND, or INVALID
            for who has left; UNAVAILABLE where nobody can be asked.

    """
    if len(user_ids) > MOST_WATCHERS:
        raise RejectedError(
            Code.TOO_LONG,
            f"At most {MOST_WATCHERS} people watch a ticket.",
            ("input", "watcherIds"),
        )
    found = await people.several(user_ids, "watcherIds")
    for place, user_id in enumerate(user_ids):
        path, person = ("input", "watcherIds", str(place)), found.get(user_id)
        if person is None:
            raise RejectedError(Code.NOT_FOUND, "There is no such user.", path)
        if not person.active and not past:
            raise RejectedError(Code.INVALID, "This person has left.", path)
