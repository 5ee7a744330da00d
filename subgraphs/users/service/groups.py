"""Whether a group exists, asked from the public graph with the caller's own token."""

from typing import Final

from kit.errors import UnavailableError
from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.service.words import refuse

QUESTION: Final = "query RoleGroup($id: ID!) { group(id: $id) { id } }"


async def require_group(graph: CallerGraph, group_id: str) -> None:
    """See that there is such a group, before a transaction opens.

    Raises:
        RejectedError: NOT_FOUND.
        UnavailableError: nobody can be asked.

    """
    found = is_id(group_id, "grp")
    if found:
        try:
            answer = await graph.ask(QUESTION, {"id": group_id})
        except GraphUnavailableError as error:
            message = "Groups do not answer; try again in a moment."
            raise UnavailableError(message) from error
        found = bool(answer.get("group"))
    if not found:
        raise refuse(Code.NOT_FOUND, "There is no such group.", "groupId")
