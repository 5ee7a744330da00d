"""Where callers stand, asked from the public graph with their own tokens.

Remembered for four seconds, so that whoever was taken out of a group or lost a
department or a role is out of its tickets within five, as for every other right.
Where nobody can be asked, what was known a minute ago still counts.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from kit.identity import Identity
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.tickets import policy
from subgraphs.tickets.policy.standing import UNKNOWN, Held, Standing, Viewer

log = structlog.get_logger(__name__)

QUESTION: Final = """
query TicketStanding($id: ID!) {
  user(id: $id) {
    groups(kind: ASSIGNMENT) { id }
    headedDepartments(includeDescendants: true) { id }
    roles {
      scope role { permissions } group { id }
      departments { id }
    }
  }
}
"""
PARTS: Final = ("groups", "headedDepartments", "roles")
FRESH_SECONDS: Final = 4.0
TRUSTED_SECONDS: Final = 60.0
"""So long what was learned counts while nobody can be asked."""
MOST_REMEMBERED: Final = 10_000

Key = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Learned:
    """Where somebody stood, and when that was asked."""

    at: float
    standing: Standing


@dataclass(slots=True)
class Standings:
    """What was learned lately; one for each process."""

    _known: dict[Key, Learned] = field(default_factory=dict[Key, Learned])
    _asking: dict[Key, asyncio.Task[Standing]] = field(
        default_factory=dict[Key, asyncio.Task[Standing]]
    )

    async def viewer(self, caller: Identity, graph: CallerGraph) -> Identity:
        """Put a caller where they stand; who has no need of it is left as they are."""
        if not policy.must_be_asked(caller):
            return caller
        # With what their token says: another one may see less of the same groups.
        key = (caller.subject, caller.scopes)
        learned = self._known.get(key)
        if learned is not None and time.monotonic() - learned.at < FRESH_SECONDS:
            return Viewer.of(caller, learned.standing)
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key, caller, graph))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # One that gives up does not take the answer from the others who wait.
        return Viewer.of(caller, await asyncio.shield(task))

    def forget(self) -> None:
        """Forget everybody, as a restart does."""
        self._known.clear()

    async def _ask(self, key: Key, caller: Identity, graph: CallerGraph) -> Standing:
        begun = time.monotonic()
        try:
            answer = await graph.ask(QUESTION, {"id": caller.subject})
            standing = read_standing(caller, answer.get("user"))
        except GraphUnavailableError as error:
            log.warning("tickets.standing_unknown", reason=str(error))
            learned = self._known.get(key)
            if learned is None or begun - learned.at > TRUSTED_SECONDS:
                return UNKNOWN
            return learned.standing
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = Learned(begun, standing)
        return standing


def read_standing(caller: Identity, user: Mapping[str, Any] | None) -> Standing:
    """Read where somebody stands off the graph's answer.

    Raises:
        GraphUnavailableError: a part is missing, because its domain does not answer.

    """
    if user is None:
        return policy.stand(caller, groups=(), headed=(), held=())
    if any(user.get(part) is None for part in PARTS):
        raise GraphUnavailableError("a part of the answer is missing")
    return policy.stand(
        caller,
        groups=ids(user["groups"]),
        headed=ids(user["headedDepartments"]),
        held=[
            Held(
                permissions=each["role"]["permissions"],
                groups=ids([each["group"]] if each["group"] else []),
                departments=ids(each["departments"]),
            )
            for each in user["roles"]
            if each["scope"] != "GLOBAL"
        ],
    )


def ids(nodes: list[Mapping[str, Any]]) -> list[str]:
    """Name what a list holds.

    >>> ids([{"id": "grp_1"}, {"id": "grp_2"}])
    ['grp_1', 'grp_2']
    """
    return [str(each["id"]) for each in nodes]
