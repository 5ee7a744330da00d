"""What must be known before a ticket is given to somebody: asked, then checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.choose import Roster
from subgraphs.tickets.service.people import People
from subgraphs.tickets.service.rosters import AVAILABLE, Colleague, Rosters, Team

LONGEST_SKILL: Final = 40
MOST_SKILLS: Final = 20


@dataclass(frozen=True, slots=True)
class Current:
    """What of a ticket matters: who has it, before anything is locked."""

    group_id: str | None = None
    assignee_id: str | None = None


@dataclass(slots=True)
class Plan:
    """What was learned; ``roster`` is there when the group's policy is to choose."""

    group_id: str | None = None
    bound: bool = False
    """The ticket must still be that group's: what was checked rests on it."""
    roster: Roster | None = None
    stays: frozenset[str] | None = None
    """Who may keep the ticket when its group changes; None: whoever has it."""
    warnings: list[str] = field(default_factory=list[str])
    refusal: RejectedError | None = None
    """Why it cannot be: said only where nothing more important is, and not to whoever
    asks again for what was done."""


def retold() -> Plan:
    """Check nothing: what is imported happened, whoever is in which group now."""
    return Plan()


async def plan_assignment(
    people: People,
    rosters: Rosters,
    current: Current,
    given: Mapping[str, str | None],
) -> Plan:
    """Check the group and the person given, and who has the ticket now.

    Raises:
        RejectedError: NOT_FOUND or INVALID for either, ASSIGNEE_NOT_IN_GROUP,
            ASSIGNEE_UNAVAILABLE where the group does not give work to who is away,
            UNAVAILABLE where nobody can be asked.

    """
    group_id = given.get("group_id", current.group_id)
    assignee_id = given.get("assignee_id")
    plan = Plan(group_id, bound="group_id" not in given and bool(assignee_id))
    if group_id is None:
        if assignee_id is not None:
            await people.assignee(assignee_id)
        return plan
    moves = "group_id" in given and group_id != current.group_id
    stays = current.assignee_id if moves and "assignee_id" not in given else None
    named = [each for each in (assignee_id, stays) if each]
    if not named and "group_id" not in given:
        return plan
    team, found = await rosters.find(group_id, named)
    if assignee_id is not None:
        warning = check_colleague(team, found.get(assignee_id))
        plan.warnings += [warning] if warning else []
    if moves:
        plan.stays = frozenset(each.id for each in found.values() if each.member)
    return plan


async def plan_choice(
    rosters: Rosters,
    current: Current,
    given: Mapping[str, str | None],
    skills: Sequence[str] | None,
) -> Plan:
    """Find out among whom the group's policy is to choose.

    Raises:
        RejectedError: INVALID where there is no group, it assigns by hand, or somebody
            is named as well; NOT_FOUND; UNAVAILABLE.

    """
    if "assignee_id" in given:
        raise RejectedError(
            Code.INVALID,
            "Name somebody, or let the group's policy choose.",
            ("input", "assigneeId"),
        )
    group_id = given.get("group_id", current.group_id)
    if group_id is None:
        raise RejectedError(
            Code.INVALID, "No group has it, to choose somebody.", ("input", "groupId")
        )
    wanted = skills_of(skills)
    team, members = await rosters.roster(group_id)
    if not team.automatic:
        raise RejectedError(
            Code.INVALID, "This group assigns by hand.", ("input", "auto")
        )
    return Plan(
        group_id, bound="group_id" not in given, roster=Roster(team, members, wanted)
    )


async def plan_opening(
    people: People, rosters: Rosters, group_id: str | None, assignee_id: str | None
) -> Plan:
    """Check who is to have a new ticket; a group that chooses by itself does so.

    Raises:
        RejectedError: as `plan_assignment` does.

    """
    given = {"group_id": group_id, "assignee_id": assignee_id}
    if group_id is None or assignee_id is not None:
        return await plan_assignment(people, rosters, Current(), given)
    team, _ = await rosters.find(group_id)
    if not team.automatic:
        return Plan(group_id)
    team, members = await rosters.roster(group_id)
    return Plan(group_id, roster=Roster(team, members))


def check_colleague(team: Team, colleague: Colleague | None) -> str | None:
    """See that somebody can be given the group's work; say what speaks against it.

    Raises:
        RejectedError: NOT_FOUND, INVALID for who has left, ASSIGNEE_NOT_IN_GROUP, or
            ASSIGNEE_UNAVAILABLE.

    """
    path = ("input", "assigneeId")
    if colleague is None:
        raise RejectedError(Code.NOT_FOUND, "There is no such user.", path)
    if not colleague.active:
        raise RejectedError(Code.INVALID, "This person has left.", path)
    if not colleague.member:
        raise RejectedError(
            Code.ASSIGNEE_NOT_IN_GROUP, "This person is not in the group.", path
        )
    if colleague.availability == AVAILABLE or team.absent == "ALLOW":
        return None
    said = f"This person is not available now ({colleague.availability})."
    if team.absent == "REFUSE":
        raise RejectedError(Code.ASSIGNEE_UNAVAILABLE, said, path)
    return said


def skills_of(skills: Sequence[str] | None) -> frozenset[str]:
    """Take skills as groups keep them: in lower case, each once.

    Raises:
        RejectedError: an empty one, a long one, or too many.

    """
    found = {texts.line(each, "skills", LONGEST_SKILL).lower() for each in skills or ()}
    if len(found) > MOST_SKILLS:
        raise RejectedError(
            Code.TOO_LONG, f"At most {MOST_SKILLS} skills fit.", ("input", "skills")
        )
    return frozenset(found)
