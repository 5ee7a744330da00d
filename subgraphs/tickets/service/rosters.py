"""What tickets must know about groups: all of it is asked here, and nowhere else.

Groups are another domain's. They are asked from the public graph with the caller's
own token, as any client would, before a transaction opens; nothing is remembered,
because whoever has just left a group must not get its next ticket.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kit.errors import RejectedError
from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.tickets.errors import TicketErrorCode as Code

TEAM: Final = """
query TicketTeam($group: ID!, $people: [ID!]!, $size: Int!, $named: Boolean!) {
  group(id: $group) { id kind assignmentPolicy absentAssignees }
  users(filter: {id: {in: $people}}, first: $size) @include(if: $named) {
    nodes { id active availability groups(kind: ASSIGNMENT) { id } }
  }
}
"""
ROSTER: Final = """
query TicketRoster($group: ID!, $after: String) {
  group(id: $group) {
    id kind assignmentPolicy absentAssignees
    members(first: 100, after: $after) {
      edges { capacity skills node { id active availability } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
COLLEAGUE: Final = """
query TicketColleague($colleague: ID!) {
  user(id: $colleague) {
    id active availability
    groups(kind: ASSIGNMENT) { id kind assignmentPolicy absentAssignees }
  }
}
"""
AVAILABLE: Final = "AVAILABLE"
MANUAL: Final = "MANUAL"
MOST_PAGES: Final = 10


@dataclass(frozen=True, slots=True)
class Team:
    """A group as assignment sees it: how it chooses, and what absence means there."""

    id: str
    policy: str
    absent: str

    @property
    def automatic(self) -> bool:
        """Whether the group itself says who gets a ticket."""
        return self.policy != MANUAL


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is to work on a ticket, and where they stand to a group."""

    id: str
    active: bool
    member: bool
    availability: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a group whom its policy may choose."""

    id: str
    capacity: int | None = None
    skills: tuple[str, ...] = ()
    active: bool = True
    availability: str = AVAILABLE


@dataclass(frozen=True, slots=True)
class Rosters:
    """Groups as one caller may see them."""

    graph: CallerGraph

    async def find(
        self, group_id: str, people: Collection[str] = ()
    ) -> tuple[Team, dict[str, Colleague]]:
        """Find a group, and where these people stand to it.

        Raises:
            RejectedError: NOT_FOUND or INVALID for the group, UNAVAILABLE where
                nobody can be asked.

        """
        answer = await self._ask(
            TEAM,
            {
                "group": known_form(group_id),
                "people": sorted(people),
                "size": max(len(people), 1),
                "named": bool(people),
            },
        )
        team = read_team(answer.get("group"))
        if not people:
            return team, {}
        page = answer.get("users")
        if page is None:
            raise unavailable()
        nodes: list[dict[str, Any]] = page["nodes"]
        return team, {each["id"]: read_colleague(each, group_id) for each in nodes}

    async def roster(self, group_id: str) -> tuple[Team, list[Member]]:
        """Find a group and everybody in it, in the order in which they joined.

        Raises:
            RejectedError: NOT_FOUND or INVALID for the group, UNAVAILABLE where
                nobody can be asked.

        """
        members: list[Member] = []
        team, after = None, None
        for _ in range(MOST_PAGES):
            given = {"group": known_form(group_id), "after": after}
            group = (await self._ask(ROSTER, given)).get("group")
            team = read_team(group)
            page: dict[str, Any] = (group or {})["members"]
            members += [read_member(edge) for edge in page["edges"] if edge["node"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        if team is None:
            raise unavailable()
        return team, members

    async def teams_of(self, user_id: str) -> tuple[Colleague, list[Team]]:
        """Find somebody, and the assignment groups that they are in.

        Raises:
            RejectedError: NOT_FOUND, or UNAVAILABLE where nobody can be asked.

        """
        user = (await self._ask(COLLEAGUE, {"colleague": user_id})).get("user")
        if user is None:
            raise RejectedError(
                Code.NOT_FOUND, "There is no such user.", ("input", "assigneeId")
            )
        colleague = read_colleague(user, "")
        teams = [read_team(group) for group in user["groups"]]
        return replace(colleague, member=True), teams

    async def _ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self.graph.ask(query, variables)
        except GraphUnavailableError as error:
            raise unavailable() from error


def known_form(group_id: str) -> str:
    """Refuse what cannot be a group's id, before anybody is asked.

    Raises:
        RejectedError: INVALID.

    """
    if not is_id(group_id, "grp"):
        raise RejectedError(
            Code.INVALID, "This is not the id of a group.", ("input", "groupId")
        )
    return group_id


def unavailable() -> RejectedError:
    """Say that nobody can be asked about groups."""
    return RejectedError(
        Code.UNAVAILABLE,
        "The directory of groups does not answer; try again in a moment.",
        ("input", "groupId"),
    )


def read_team(group: Mapping[str, Any] | None) -> Team:
    """Read a group off the graph's answer.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for one that tickets do not go to.

    """
    if group is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such group.", ("input", "groupId")
        )
    if group["kind"] != "ASSIGNMENT":
        raise RejectedError(
            Code.INVALID, "Tickets go to assignment groups.", ("input", "groupId")
        )
    return Team(group["id"], group["assignmentPolicy"], group["absentAssignees"])


def read_colleague(user: Mapping[str, Any], group_id: str) -> Colleague:
    """Read somebody off the graph's answer.

    Raises:
        RejectedError: UNAVAILABLE, the part that groups says is missing.

    """
    if user.get("groups") is None:
        raise unavailable()
    return Colleague(
        id=user["id"],
        active=bool(user["active"]),
        member=any(each["id"] == group_id for each in user["groups"]),
        availability=user["availability"],
    )


def read_member(edge: Mapping[str, Any]) -> Member:
    """Read a member off the graph's answer; of whom users says nothing, is not there.

    >>> read_member({"capacity": 3, "skills": ["vpn"], "node": {"id": "usr_1"}})
    Member(id='usr_1', capacity=3, skills=('vpn',), active=False, availability='AWAY')
    """
    node = edge["node"]
    return Member(
        id=node["id"],
        capacity=edge["capacity"],
        skills=tuple(edge["skills"]),
        active=bool(node.get("active")),
        availability=node.get("availability") or "AWAY",
    )
