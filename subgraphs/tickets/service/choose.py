"""Choosing who gets a ticket, by their group's policy, and saying why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import TicketRow
from subgraphs.tickets.repository import rotation
from subgraphs.tickets.service.rosters import AVAILABLE, Member, Team

SKILL_BASED: Final = "SKILL_BASED"
ROUND_ROBIN: Final = "ROUND_ROBIN"


@dataclass(frozen=True, slots=True)
class Roster:
    """A group whose policy is to choose, who is in it, and what the work takes."""

    team: Team
    members: Sequence[Member]
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, and why, as a sentence without names: the history keeps it."""

    user_id: str
    reason: str


async def choose(session: AsyncSession, ticket: TicketRow, roster: Roster) -> Choice:
    """Choose somebody for a ticket that this unit of work holds, and note the turn.

    Whoever chooses for the same group waits until this transaction ends, and then
    sees what came of it.

    Raises:
        RejectedError: ASSIGNEE_UNAVAILABLE, with why it can be nobody.

    """
    group_id = roster.team.id
    await rotation.lock_rotation(session, group_id)
    everybody = [member.id for member in roster.members]
    work = await rotation.open_work(session, group_id, everybody, ticket.id)
    turns = await rotation.last_turns(session, group_id)
    choice = pick(roster, skills_for(roster, ticket.tags), work, turns)
    await rotation.note_turn(session, group_id, choice.user_id)
    return choice


def skills_for(roster: Roster, tags: Iterable[str]) -> frozenset[str]:
    """Say what the work takes: what was asked for, or what the ticket's tags name.

    Tags count where the group goes by skills, and only those that are somebody's.
    """
    if roster.skills or roster.team.policy != SKILL_BASED:
        return roster.skills
    known = {skill for member in roster.members for skill in member.skills}
    return frozenset(known.intersection(tag.lower() for tag in tags))


def pick(
    roster: Roster,
    skills: frozenset[str],
    work: Mapping[str, int],
    turns: Mapping[str, int],
) -> Choice:
    """Pick one of those who can take it: by turn, or who has the least open work.

    Raises:
        RejectedError: ASSIGNEE_UNAVAILABLE.

    """
    fit: list[Member] = []
    lacking = dict.fromkeys(WHY, 0)
    for member in roster.members:
        why = obstacle(member, skills, work.get(member.id, 0))
        if why is None:
            fit.append(member)
        else:
            lacking[why] += 1
    others = "".join(f"; {count} {WHY[why]}" for why, count in lacking.items() if count)
    if not fit:
        raise RejectedError(
            Code.ASSIGNEE_UNAVAILABLE,
            f"Nobody of {len(roster.members)} members can take it{others}.",
            ("input", "auto"),
        )
    by_turn = roster.team.policy == ROUND_ROBIN
    chosen = min(
        enumerate(fit),
        key=lambda each: (
            0 if by_turn else work.get(each[1].id, 0),
            turns.get(each[1].id, 0),
            each[0],
        ),
    )[1]
    how = "next in turn" if by_turn else f"least open work ({work.get(chosen.id, 0)})"
    needed = f", with the skills {', '.join(sorted(skills))}" if skills else ""
    return Choice(
        chosen.id,
        f"Chosen by the group's policy: {how} of {len(fit)} who can take it{needed}"
        f"{others}.",
    )


WHY: Final[dict[str, str]] = {
    "left": "no longer active",
    "away": "not available",
    "skills": "without the skills",
    "full": "at capacity",
}


def obstacle(member: Member, skills: frozenset[str], load: int) -> str | None:
    """Say why somebody cannot take a ticket; None: they can.

    >>> obstacle(Member("usr_1", capacity=2), frozenset(), 2)
    'full'
    """
    if not member.active:
        return "left"
    if member.availability != AVAILABLE:
        return "away"
    if not skills.issubset(member.skills):
        return "skills"
    if member.capacity is not None and load >= member.capacity:
        return "full"
    return None
