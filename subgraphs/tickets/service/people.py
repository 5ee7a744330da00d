"""What tickets must know about people, asked from the public graph.

Users are another domain's. Their department is asked with the caller's own token, as
any client would, and remembered for a minute.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kit.errors import RejectedError
from kit.identity import Identity, Kind
from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.tickets.errors import TicketErrorCode as Code

PERSON: Final = """
query TicketPerson($id: ID!) { user(id: $id) { id active department { id } } }
"""
PEOPLE: Final = """
query TicketPeople($several: [ID!]!) {
  users(filter: {id: {in: $several}}, first: 100) {
    nodes { id active department { id } }
  }
}
"""
MOST_AT_ONCE: Final = 100
REMEMBERED_SECONDS: Final = 60.0
MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a ticket names; ``department_id`` is None also where nobody knows."""

    id: str
    active: bool = True
    department_id: str | None = None


class PeopleMemory:
    """Who was asked for lately, by whom; one for each process."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}

    def recall(self, caller: str, person: str) -> Person | None:
        """Give what this caller learned within the last minute."""
        expires, found = self._known.get((caller, person), (0.0, None))
        return found if expires > time.monotonic() else None

    def note(self, caller: str, person: Person) -> None:
        """Remember what this caller was told."""
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        until = time.monotonic() + REMEMBERED_SECONDS
        self._known[caller, person.id] = (until, person)


@dataclass(frozen=True, slots=True)
class People:
    """People as one caller may see them."""

    memory: PeopleMemory
    graph: CallerGraph
    caller: Identity

    async def requester(self, user_id: str) -> Person:
        """Find whom a ticket is for.

        Where nobody can be asked, a caller still opens tickets of their own: that
        they exist is proven by their token.

        Raises:
            RejectedError: NOT_FOUND, or UNAVAILABLE where nobody can be asked.

        """
        return await self._find(user_id, "requesterId")

    async def assignee(self, user_id: str) -> Person:
        """Find who is to work on a ticket.

        Raises:
            RejectedError: NOT_FOUND, INVALID for somebody who left, UNAVAILABLE
                where nobody can be asked.

        """
        person = await self._find(user_id, "assigneeId")
        if not person.active and self.caller.kind is not Kind.SERVICE:
            raise RejectedError(
                Code.INVALID, "This person has left.", ("input", "assigneeId")
            )
        return person

    async def watcher(self, user_id: str) -> Person:
        """Find who is to watch a ticket.

        Raises:
            RejectedError: NOT_FOUND, INVALID for somebody who left, UNAVAILABLE
                where nobody can be asked.

        """
        person = await self._find(user_id, "userId")
        if not person.active:
            raise RejectedError(
                Code.INVALID, "This person has left.", ("input", "userId")
            )
        return person

    async def known(self, user_ids: Iterable[str]) -> frozenset[str]:
        """Say which of these users there are.

        Raises:
            RejectedError: UNAVAILABLE where nobody can be asked.

        """
        found: set[str] = set()
        for user_id in sorted(user_ids):
            try:
                found.add((await self._find(user_id, "customFields")).id)
            except RejectedError as rejected:
                if rejected.code is not Code.NOT_FOUND:
                    raise
        return frozenset(found)

    async def several(self, user_ids: Iterable[str], name: str) -> dict[str, Person]:
        """Find many at once, by id; who is missing is nobody that the caller sees.

        The caller is not asked about.

        Raises:
            RejectedError: UNAVAILABLE where nobody can be asked.

        """
        mine = self.caller.subject
        wanted = {each for each in user_ids if is_id(each, "usr")}
        found = {mine: Person(mine)} if mine in wanted else {}
        others = sorted(wanted - {mine})
        for start in range(0, len(others), MOST_AT_ONCE):
            some = others[start : start + MOST_AT_ONCE]
            try:
                answer = await self.graph.ask(PEOPLE, {"several": some})
            except GraphUnavailableError as error:
                raise unavailable(name) from error
            page: Mapping[str, Any] = answer.get("users") or {}
            for node in page.get("nodes") or ():
                person = read_person(node)
                if person is not None:
                    found[person.id] = person
        return found

    async def _find(self, user_id: str, name: str) -> Person:
        unknown = RejectedError(
            Code.NOT_FOUND, "There is no such user.", ("input", name)
        )
        if not is_id(user_id, "usr"):
            raise unknown
        known = self.memory.recall(self.caller.subject, user_id)
        if known is not None:
            return known
        try:
            answer = await self.graph.ask(PERSON, {"id": user_id})
        except GraphUnavailableError as error:
            if user_id == self.caller.subject:
                return Person(user_id)
            raise unavailable(name) from error
        person = read_person(answer.get("user"))
        if person is None:
            raise unknown
        self.memory.note(self.caller.subject, person)
        return person


def unavailable(name: str) -> RejectedError:
    """Say that nobody can be asked about people."""
    return RejectedError(
        Code.UNAVAILABLE,
        "The directory of people does not answer; try again in a moment.",
        ("input", name),
    )


def read_person(user: Mapping[str, Any] | None) -> Person | None:
    """Read a person off the graph's answer.

    >>> read_person({"id": "usr_1", "active": True, "department": {"id": "dep_1"}})
    Person(id='usr_1', active=True, department_id='dep_1')
    """
    if user is None:
        return None
    department: Mapping[str, Any] = user.get("department") or {}
    return Person(
        id=str(user["id"]),
        active=user.get("active") is not False,
        department_id=department.get("id"),
    )
