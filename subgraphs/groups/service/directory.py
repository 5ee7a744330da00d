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
    ) -> None:
        """See that all of these exist, and that the people have not left.

        ``path`` is the input field that names the people.

        Raises:
            RejectedError: NOT_FOUND, INVALID for who has left, TOO_LONG for too many,
                or UNAVAILABLE where nobody can be asked.

        """
        check_form(people, department, path)
        if not people and department is None:
            return
        variables = {
            "ids": list(people),
            "size": max(len(people), 1),
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
        check_answer(answer, people, department, path)


def check_form(people: Sequence[str], department: str | None, path: str) -> None:
    """Refuse what cannot be an id of its kind, before anybody is asked.

    Raises:
        RejectedError: NOT_FOUND or TOO_LONG.

    """
    if len(people) > MOST_PEOPLE:
        raise refuse(
            Code.TOO_LONG, f"At most {MOST_PEOPLE} people go into one request.", path
        )
    if not all(is_id(each, "usr") for each in people):
        raise refuse(Code.NOT_FOUND, "There is no such person.", path)
    if department is not None and not is_id(department, "dep"):
        raise refuse(Code.NOT_FOUND, "There is no such department.", "departmentId")


def check_answer(
    answer: dict[str, Any], people: Sequence[str], department: str | None, path: str
) -> None:
    """Refuse who and what the directory does not know.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for who has left.

    """
    nodes: list[dict[str, Any]] = (answer.get("users") or {}).get("nodes") or []
    active = {str(each["id"]): each.get("active") for each in nodes}
    if set(people) - set(active):
        raise refuse(Code.NOT_FOUND, "There is no such person.", path)
    if not all(active[each] for each in people):
        raise refuse(Code.INVALID, "Somebody of them has left.", path)
    if department is not None and not answer.get("department"):
        raise refuse(Code.NOT_FOUND, "There is no such department.", "departmentId")
