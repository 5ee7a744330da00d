"""Whether people and departments exist, asked from the public graph.

Both are users'. They are asked for with the caller's own token, as any client would,
before a transaction opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.groups.errors import GroupErrorCode as Code
from subgraphs.groups.service.words import refuse

MOST_PEOPLE: Final = 100
"""In one request: what fits on one page of users."""

QUESTION: Final = """
query GroupPeople($ids: [ID!]!, $size: Int!, $unit: ID!, $people: Boolean!, $in: Boolean!) {
  users(filter: {id: {in: $ids}}, first: $size) @include(if: $people) {
    nodes { id active }
  }
  department(id: $unit) @include(if: $in) { id }
}
"""  # noqa: E501 - a list of variables reads best in one line


@dataclass(frozen=True, slots=True)
class Directory:
    """People and departments as one caller may see them."""

    graph: CallerGraph

    async def require(
        self,
        *,
        people: Sequence[str] = (),
        department: str | None = None,
        path: str = "leadId",
        listed: bool = False,
    ) -> None:
        """See that all of these exist, and that the people have not left.

        ``path`` is the input field that names the people, ``listed`` where it is a
        list: then a refusal names the place in it.

        Raises:
            RejectedError: NOT_FOUND, INVALID for who has left, TOO_LONG for too many,
                or UNAVAILABLE where nobody can be asked.

        """
        check_form(people, department, path, listed=listed)
        if not people and department is None:
            return
        variables = {
            "ids": list(dict.fromkeys(people)),
            "size": max(len(set(people)), 1),
            "unit": department or "",
            "people": bool(people),
            "in": department is not None,
        }
        try:
            answer = await self.graph.ask(QUESTION, variables)
        except GraphUnavailableError as error:
            raise refuse(
                Code.UNAVAILABLE,
                "The directory of people does not answer; try again in a moment.",
                path if people else "departmentId",
            ) from error
        check_answer(answer, people, department, path, listed=listed)


def check_form(
    people: Sequence[str], department: str | None, path: str, *, listed: bool
) -> None:
    """Refuse what cannot be an id of its kind, before anybody is asked.

    Raises:
        RejectedError: NOT_FOUND or TOO_LONG.

    """
    if len(set(people)) > MOST_PEOPLE:
        raise refuse(
            Code.TOO_LONG, f"At most {MOST_PEOPLE} people go into one request.", path
        )
    for n, each in enumerate(people):
        if not is_id(each, "usr"):
            raise refuse(
                Code.NOT_FOUND, "There is no such person.", *place(path, n, listed)
            )
    if department is not None and not is_id(department, "dep"):
        raise refuse(Code.NOT_FOUND, "There is no such department.", "departmentId")


def check_answer(
    answer: dict[str, Any],
    people: Sequence[str],
    department: str | None,
    path: str,
    *,
    listed: bool,
) -> None:
    """Refuse who and what the directory does not know.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for who has left.

    """
    nodes: list[dict[str, Any]] = (answer.get("users") or {}).get("nodes") or []
    active = {str(each["id"]): each.get("active") for each in nodes}
    for n, each in enumerate(people):
        at = place(path, n, listed)
        if each not in active:
            raise refuse(Code.NOT_FOUND, "There is no such person.", *at)
        if not active[each]:
            raise refuse(Code.INVALID, "This person has left.", *at)
    if department is not None and not answer.get("department"):
        raise refuse(Code.NOT_FOUND, "There is no such department.", "departmentId")


def place(path: str, number: int, listed: bool) -> tuple[str, ...]:
    """Say which field of the input names somebody, and where in it if it is a list.

    >>> place("leadId", 0, False), place("userIds", 2, True)
    (('leadId',), ('userIds', '2'))
    """
    return (path, str(number)) if listed else (path,)
