"""What is asked of the large demo company: every list, filter, search and count."""

from dataclasses import dataclass

LINE = """
  nodes {
    number title priority updatedAt status { key }
    requester { name } group { name } assignee { name }
  }
  pageInfo { hasNextPage endCursor }
"""
OPEN = "statusCategory: [NEW, IN_PROGRESS, ON_HOLD]"
HISTORY = """
query One($v: ID!) {
  tickets(first: 1, filter: {requester: {eq: $v}}) { nodes {
    number
    history(first: 20) { nodes { seq kind before after actor { name } } }
    availableTransitions { toStatus { key } }
    viewerPermissions { canEdit }
  } }
}
"""
PEOPLE = """
{ users(first: 50) { nodes { name email department { name } manager { name } } } }
"""
PEOPLE_BY_NAME = """
query List($v: String!) {
  users(first: 50, filter: {name: {contains: $v}}) { nodes { name } }
}
"""
GROUPS = """
{
  groups(first: 20) { nodes {
    name lead { name } members(first: 5) { nodes { name } }
  } }
}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A query, with what of its variables changes each time."""

    query: str
    who: str = "admin"
    vary: str = ""


def tickets(arguments: str, who: str = "admin", vary: str = "") -> Case:
    """Ask for a page of tickets."""
    declared = "($v: String!)" if vary == "word" else "($v: ID!)" if vary else ""
    text = f"query List{declared} {{ tickets({arguments}) {{ {LINE} }} }}"
    return Case(text, who, vary)


CASES: dict[str, Case] = {
    "newest": tickets("first: 50"),
    "newest, as an agent": tickets("first: 50", "agent"),
    "newest, as a requester": tickets("first: 50", "requester"),
    "newest, as a head": tickets("first: 50", "head"),
    "newest, as an analyst": tickets("first: 50", "analyst"),
    "by priority": tickets("first: 50, orderBy: [{field: PRIORITY}]"),
    "last changed": tickets(
        "first: 50, orderBy: [{field: UPDATED_AT, direction: DESC}]"
    ),
    "open ones": tickets(f"first: 50, filter: {{{OPEN}}}"),
    "open and critical": tickets(
        f"first: 50, filter: {{{OPEN}, priority: [CRITICAL, HIGH]}}"
    ),
    "of a group": tickets("first: 50, filter: {group: {eq: $v}}", vary="group"),
    "open ones of a group": tickets(
        f"first: 50, filter: {{group: {{eq: $v}}, {OPEN}}}",
        vary="group",
    ),
    "of nobody in a group": tickets(
        "first: 50, filter: {group: {eq: $v}, assignee: {isNull: true}}", vary="group"
    ),
    "assigned to somebody": tickets(
        "first: 50, filter: {assignee: {eq: $v}}", vary="person"
    ),
    "asked by somebody": tickets(
        "first: 50, filter: {requester: {eq: $v}}", vary="person"
    ),
    "of a department": tickets(
        "first: 50, filter: {requesterDepartment: {eq: $v}}", vary="department"
    ),
    "this week's": tickets('first: 50, filter: {openedAt: {gte: "-P7D"}}'),
    "resolved last month": tickets('first: 50, filter: {resolvedAt: {gte: "-P30D"}}'),
    "reassigned three times": tickets(
        "first: 50, filter: {reassignmentCount: {gte: 3}}"
    ),
    "title contains": tickets(
        "first: 50, filter: {title: {contains: $v}}", vary="word"
    ),
    "search, a common word": tickets('first: 50, search: "printer"'),
    "search, a rare word": tickets("first: 50, search: $v", vary="word"),
    "search, a common word, as a requester": tickets(
        'first: 50, search: "printer"', "requester"
    ),
    "how many there are": Case("{ tickets { totalCount } }"),
    "how many are open": Case(f"{{ tickets(filter: {{{OPEN}}}) {{ totalCount }} }}"),
    "how many the head sees": Case("{ tickets { totalCount } }", "head"),
    "how many a search finds": Case('{ tickets(search: "printer") { totalCount } }'),
    "people": Case(PEOPLE),
    "people by name": Case(PEOPLE_BY_NAME, vary="word"),
    "how many people": Case("{ users { totalCount } }"),
    "groups with members": Case(GROUPS),
    "one ticket with its history": Case(HISTORY, vary="person"),
}
