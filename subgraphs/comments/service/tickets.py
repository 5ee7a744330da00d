"""What comments must know about tickets, asked from the public graph.

Tickets decides who sees and does what with a ticket. It is asked with the caller's own
token, as any client would, for all the tickets of a request at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from aiodataloader import DataLoader

from kit.errors import UnavailableError
from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.policy import Standing
from subgraphs.comments.service.texts import refuse

STANDINGS: Final = """
query CommentStandings($ids: [ID!]!) {
  tickets(filter: {id: {in: $ids}}, first: 100) {
    nodes { id viewerPermissions { canComment canCommentInternally } }
  }
}
"""
TICKET: Final = """
query CommentTicket($id: ID!) {
  ticket(id: $id) {
    id
    status { category }
    requester { id }
    openedBy { id }
    group { id }
    requesterDepartment { id }
    viewerPermissions { canComment canCommentInternally }
  }
}
"""
MOST_TICKETS: Final = 100
"""In one request: what fits on one page of tickets."""

OVER: Final = frozenset({"CLOSED", "CANCELLED"})
SILENT: Final = "Tickets does not answer; try again in a moment."


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as the caller sees it, and how they stand to it."""

    id: str
    standing: Standing
    is_over: bool = False
    people: frozenset[str] = frozenset()
    """Whose ticket it is: theirs who asked, and theirs who opened it."""
    requester_id: str | None = None
    group_id: str | None = None
    department_id: str | None = None


class Tickets:
    """Tickets as one caller may see them, in one request."""

    def __init__(self, graph: CallerGraph) -> None:
        self._graph = graph

    async def standing(self, ticket_id: str) -> Standing | None:
        """Say how the caller stands to a ticket; None where they may not see it.

        Raises:
            UnavailableError: nobody can be asked.

        """
        if not is_id(ticket_id, "tkt"):
            return None
        return await self._standings.load(ticket_id)

    @cached_property
    def _standings(self) -> DataLoader[str, Standing | None]:
        return DataLoader(self._read_standings, max_batch_size=MOST_TICKETS)

    async def _read_standings(self, ids: list[str]) -> list[Standing | None]:
        try:
            answer = await self._graph.ask(STANDINGS, {"ids": ids})
        except GraphUnavailableError as error:
            raise UnavailableError(SILENT) from error
        nodes: list[dict[str, Any]] = (answer.get("tickets") or {}).get("nodes") or []
        found = {each["id"]: standing_of(each) for each in nodes}
        return [found.get(each) for each in ids]

    async def ticket(self, ticket_id: str) -> Ticket | None:
        """Find a ticket that the caller is about to write on; None if unseen.

        Raises:
            RejectedError: UNAVAILABLE, nobody can be asked.

        """
        if not is_id(ticket_id, "tkt"):
            return None
        try:
            answer = await self._graph.ask(TICKET, {"id": ticket_id})
        except GraphUnavailableError as error:
            raise refuse(Code.UNAVAILABLE, SILENT) from error
        return read_ticket(answer.get("ticket"))


def standing_of(ticket: Mapping[str, Any] | None) -> Standing | None:
    """Read off a ticket how the caller stands to it.

    >>> permissions = {"canComment": True, "canCommentInternally": False}
    >>> standing_of({"viewerPermissions": permissions})
    Standing(replies=True, works=False)
    """
    allowed = (ticket or {}).get("viewerPermissions")
    if not isinstance(allowed, Mapping):
        return None
    return Standing(
        replies=allowed.get("canComment") is True,
        works=allowed.get("canCommentInternally") is True,
    )


def read_ticket(found: Mapping[str, Any] | None) -> Ticket | None:
    """Read a ticket off the graph's answer."""
    standing = standing_of(found)
    if found is None or standing is None:
        return None
    requester, opener = id_in(found, "requester"), id_in(found, "openedBy")
    return Ticket(
        id=str(found["id"]),
        standing=standing,
        is_over=(found.get("status") or {}).get("category") in OVER,
        people=frozenset(each for each in (requester, opener) if each),
        requester_id=requester,
        group_id=id_in(found, "group"),
        department_id=id_in(found, "requesterDepartment"),
    )


def id_in(found: Mapping[str, Any], name: str) -> str | None:
    """Read the id of what a field leads to, if it leads anywhere."""
    there: Mapping[str, Any] = found.get(name) or {}
    return there.get("id")
