"""Which groups a caller is in, asked from the public graph with their own token.

Groups are another domain's. What was learned counts for a few seconds, so that
whoever was taken out of a group no longer sees its queues soon after.
"""

import time
from dataclasses import dataclass, field
from typing import Final

from kit.errors import UnavailableError
from kit.identity import Identity
from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError

QUESTION: Final = "query TicketTeams($id: ID!) { user(id: $id) { groups { id } } }"
FRESH_SECONDS: Final = 4.0
MOST_REMEMBERED: Final = 10_000

Known = dict[str, tuple[float, frozenset[str]]]


@dataclass(slots=True)
class TeamsMemory:
    """What was learned lately, by caller; one for each process."""

    known: Known = field(default_factory=Known)

    def forget(self) -> None:
        """Forget everybody, as a restart does."""
        self.known.clear()


@dataclass(frozen=True, slots=True)
class Teams:
    """The groups of one caller."""

    memory: TeamsMemory
    graph: CallerGraph

    async def of(self, caller: Identity) -> frozenset[str]:
        """Name the groups that the caller is in; an integration is in none.

        Raises:
            UnavailableError: nobody can be asked, and a list that left something out
                without a word would be taken for whole.

        """
        if not caller.authenticated or not is_id(caller.subject, "usr"):
            return frozenset()
        until, groups = self.memory.known.get(caller.subject, (0.0, frozenset[str]()))
        if time.monotonic() < until:
            return groups
        try:
            answer = await self.graph.ask(QUESTION, {"id": caller.subject})
        except GraphUnavailableError as error:
            raise unknown() from error
        user = answer.get("user") or {"groups": []}
        if user.get("groups") is None:
            raise unknown()
        groups = frozenset(str(each["id"]) for each in user["groups"])
        if len(self.memory.known) >= MOST_REMEMBERED:
            self.memory.known.clear()
        self.memory.known[caller.subject] = (time.monotonic() + FRESH_SECONDS, groups)
        return groups


def unknown() -> UnavailableError:
    """Say that nobody knows the caller's groups just now."""
    return UnavailableError(
        "Your groups cannot be looked up at this moment; try again soon."
    )
