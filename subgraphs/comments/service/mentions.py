"""Whom a comment may name: those who can read it where it stands.

A mention shows nobody anything: who reads a comment is decided by the ticket alone. To
name somebody who would not read it is refused, so that its author knows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kit.ids import is_id
from kit.public_graph import CallerGraph, GraphUnavailableError
from subgraphs.comments import policy
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.models import MOST_MENTIONS, Visibility
from subgraphs.comments.service.texts import refuse
from subgraphs.comments.service.tickets import Ticket

PEOPLE: Final = """
query CommentMentions($ids: [ID!]!, $size: Int!) {
  users(filter: {id: {in: $ids}}, first: $size) {
    nodes {
      id active
      groups(kind: ASSIGNMENT) { id }
      headedDepartments(includeDescendants: true) { id }
      roles { scope group { id } departments { id } role { permissions } }
    }
  }
}
"""
WHERE: Final = "mentionIds"


async def mentions_of(
    graph: CallerGraph, ids: Sequence[str], ticket: Ticket, visibility: Visibility
) -> list[str]:
    """Take the people whom a comment names, each once.

    Raises:
        RejectedError: TOO_LONG, NOT_FOUND, MENTION_NOT_PERMITTED for somebody who would
            not read it, or UNAVAILABLE where nobody can be asked.

    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_MENTIONS:
        message = f"A comment names at most {MOST_MENTIONS} people."
        raise refuse(Code.TOO_LONG, message, WHERE)
    if not all(is_id(each, "usr") for each in wanted):
        raise refuse(Code.NOT_FOUND, "There is no such person.", WHERE)
    if not wanted:
        return []
    try:
        answer = await graph.ask(PEOPLE, {"ids": wanted, "size": len(wanted)})
    except GraphUnavailableError as error:
        message = "The directory of people does not answer; try again in a moment."
        raise refuse(Code.UNAVAILABLE, message, WHERE) from error
    nodes: list[dict[str, Any]] = (answer.get("users") or {}).get("nodes") or []
    known = {str(each["id"]): each for each in nodes}
    if set(wanted) - set(known):
        raise refuse(Code.NOT_FOUND, "There is no such person.", WHERE)
    if not all(reads(known[each], ticket, visibility) for each in wanted):
        message = "Somebody of them would not read this comment."
        raise refuse(Code.MENTION_NOT_PERMITTED, message, WHERE)
    return wanted


def reads(person: Mapping[str, Any], ticket: Ticket, visibility: Visibility) -> bool:
    """Say whether a person, as users describes them, reads such a comment of a ticket.

    Tickets has the rules; these are the plain ones of them. Who reads the comment is
    decided there, with the reader's own token.
    """
    if person.get("active") is False:
        return False
    everywhere, here = permissions_of(person, ticket)
    own = person["id"] in ticket.people
    in_group = policy.READ_GROUP in everywhere and ticket.group_id in ids_in(
        person, "groups"
    )
    all_ = policy.READ_ALL in everywhere
    works = policy.WORK in everywhere and (all_ or own or in_group)
    works_here = policy.WORK in here and bool(here & policy.READS)
    if works or works_here:
        return True
    if visibility is Visibility.INTERNAL:
        return False
    heads = policy.READ_DEPARTMENT in everywhere and ticket.department_id in ids_in(
        person, "headedDepartments"
    )
    return own or all_ or in_group or heads or bool(here & policy.READS)


def permissions_of(
    person: Mapping[str, Any], ticket: Ticket
) -> tuple[set[str], set[str]]:
    """Gather what a person's roles allow everywhere, and where the ticket is.

    >>> from subgraphs.comments.policy import Standing
    >>> there = Ticket("tkt_1", Standing(True, True), group_id="grp_1")
    >>> role = {"permissions": ["tickets:work"]}
    >>> held = {"scope": "GROUP", "group": {"id": "grp_1"}, "role": role}
    >>> permissions_of({"roles": [held]}, there)
    (set(), {'tickets:work'})
    """
    everywhere, here = set[str](), set[str]()
    roles: list[Mapping[str, Any]] = person.get("roles") or []
    for each in roles:
        permissions = {str(one) for one in each["role"]["permissions"]}
        group = (each.get("group") or {}).get("id")
        if each.get("scope") == "GLOBAL":
            everywhere |= permissions
        elif (group is not None and group == ticket.group_id) or (
            ticket.department_id in ids_in(each, "departments")
        ):
            here |= permissions
    return everywhere, here


def ids_in(found: Mapping[str, Any], name: str) -> set[str]:
    """Gather the ids of what a field lists."""
    them: list[Mapping[str, Any]] = found.get(name) or []
    return {str(each["id"]) for each in them}
