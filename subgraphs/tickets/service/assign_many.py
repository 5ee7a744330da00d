"""What must be known before many tickets are given to somebody, each in its group."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.errors import RejectedError
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.assignment import Plan, check_colleague
from subgraphs.tickets.service.people import People
from subgraphs.tickets.service.rosters import Colleague, Rosters, Team


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who is to have tickets where these are, and the groups they are in."""

    id: str
    active: bool
    availability: str
    teams: Mapping[str, Team] = field(default_factory=dict[str, Team])

    def within(self, group_id: str) -> Colleague:
        """Say where they stand to a group."""
        return Colleague(
            self.id, self.active, group_id in self.teams, self.availability
        )


@dataclass(frozen=True, slots=True)
class Many:
    """What was learned of the group that all go to, or of who gets each where it is."""

    stays: frozenset[str] | None = None
    helper: Helper | None = None
    warning: str | None = None
    """What speaks against the person in the group that all go to."""

    def plan(self, group_id: str | None) -> Plan:
        """Plan for one ticket, by the group that has it before."""
        plan = Plan(stays=self.stays)
        warning = self.warning
        if self.helper is not None and group_id is not None:
            team = self.helper.teams.get(group_id, Team(group_id, "", ""))
            try:
                warning = check_colleague(team, self.helper.within(group_id))
            except RejectedError as rejected:
                plan.refusal = rejected
        plan.warnings += [warning] if warning else []
        return plan


async def plan_many(
    people: People, rosters: Rosters, given: Mapping[str, str | None]
) -> Many:
    """Check the group and the person that many tickets are to have.

    Without a group the tickets stay where they are, and whether the person is in the
    group is asked of each. Without a person, whoever has a ticket keeps it only if
    they are in the new group.

    Raises:
        RejectedError: NOT_FOUND or INVALID for either, ASSIGNEE_NOT_IN_GROUP or
            ASSIGNEE_UNAVAILABLE where a group is given, UNAVAILABLE where nobody can
            be asked.

    """
    group_id, assignee_id = given.get("group_id"), given.get("assignee_id")
    texts.foreign_id(group_id, "grp", "groupId", "group")
    texts.foreign_id(assignee_id, "usr", "assigneeId", "user")
    if group_id is None:
        if assignee_id is None:
            return Many()
        if "group_id" not in given:
            return Many(helper=await helper_of(rosters, assignee_id))
        await people.assignee(assignee_id)
        return Many()
    if "assignee_id" not in given:
        _, members = await rosters.roster(group_id)
        return Many(stays=frozenset(member.id for member in members))
    named = [assignee_id] if assignee_id else []
    team, found = await rosters.find(group_id, named)
    if assignee_id:
        return Many(warning=check_colleague(team, found.get(assignee_id)))
    return Many()


async def helper_of(rosters: Rosters, user_id: str) -> Helper:
    """Find somebody and all assignment groups that they are in.

    Raises:
        RejectedError: NOT_FOUND, INVALID for who has left, UNAVAILABLE.

    """
    colleague, teams = await rosters.teams_of(user_id)
    helper = Helper(
        user_id, colleague.active, colleague.availability, {t.id: t for t in teams}
    )
    check_colleague(Team("", "", "ALLOW"), colleague)
    return helper
