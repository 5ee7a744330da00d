"""What the app itself asks of a large company: its own operations, whole."""

from typing import Final

from bench.lists.case import Case
from helpnest.supergraph import SCHEMAS

OPEN: Final = ["NEW", "IN_PROGRESS", "ON_HOLD"]


def operation(
    name: str, who: str = "agent", vary: str = "", into: str = "id", **given: object
) -> Case:
    """Ask an operation of ``schema/operations``."""
    text = (SCHEMAS / "operations" / f"{name}.graphql").read_text(encoding="utf-8")
    return Case(text, who, vary, into, given)


APP: Final[dict[str, Case]] = {
    "app: my tickets": operation("my-tickets", "requester"),
    "app: agents' list": operation("agent-queue"),
    "app: agents' list, open ones": operation(
        "agent-queue", filter={"statusCategory": OPEN}
    ),
    "app: agents' list, newest": operation(
        "agent-queue", orderBy=[{"field": "OPENED_AT", "direction": "DESC"}]
    ),
    "app: agents' list, nobody's yet": operation(
        "agent-queue",
        "admin",
        filter={"statusCategory": OPEN, "assignee": {"isNull": True}},
    ),
    "app: agents' list, as an administrator": operation("agent-queue", "admin"),
    "app: how many are in it": operation(
        "agent-queue-size", filter={"statusCategory": OPEN}
    ),
    "app: assigned to me": operation("assigned-to-me"),
    "app: queues": operation("queues"),
    "app: one queue": operation("queue", "agent", "queue"),
    "app: search for a common word": operation(
        "search-tickets", "agent", words="printer"
    ),
    "app: search for a rare word": operation(
        "search-tickets", "agent", "word", "words"
    ),
    "app: search, as an administrator": operation(
        "search-tickets", "admin", words="printer"
    ),
    "app: search for people": operation("search-people", "agent", "word", "words"),
    "app: a ticket": operation("ticket", "agent", "number", "number"),
    "app: its history": operation("ticket-history", "agent", "ticket"),
    "app: its comments": operation("ticket-comments", "admin", "commented"),
    "app: desk at a glance": operation("desk-at-a-glance", "analyst"),
    "app: work of departments and groups": operation("department-load", "analyst"),
    "app: reopened tickets": operation("reopened-tickets", "analyst"),
    "app: known errors": operation("known-errors"),
    "app: waiting for approval": operation("pending-approvals", "admin"),
    "app: people": operation("people", "admin"),
    "app: a person": operation("person", "admin", "person"),
    "app: departments": operation("departments", "admin"),
    "app: a department": operation("department", "admin", "department"),
    "app: groups": operation("groups", "agent"),
    "app: a group": operation("group", "agent", "group"),
    "app: whom to assign": operation("assignment-choices", "agent", "group", "group"),
}
