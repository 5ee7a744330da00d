"""What is asked of the large demo company: every list, filter, search and count."""

from bench.lists.app import APP
from bench.lists.case import Case

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


DEPARTMENTS = """
{ departments(first: 100) { nodes {
  name code parent { name } head { name } members(first: 3) { nodes { name } }
} } }
"""
COMMENTS = """
query Talk($v: ID!) {
  ticket(id: $v) { comments(first: 50) {
    totalCount nodes { body visibility author { name } }
  } }
}
"""
HISTORY_OF = """
query History($v: ID!) {
  ticket(id: $v) { history(first: 100) {
    totalCount nodes { seq kind at field before after actor { name } }
  } }
}
"""
QUEUES = "{ queues(mine: false) { name depth } }"
IN_QUEUES = """
{ queues(mine: false) { name depth tickets(first: 10) { nodes { number title } } } }
"""
OF_PERSON = """
query Person($v: ID!) { user(id: $v) {
  name groups { name } requestedTickets(first: 20) { totalCount nodes { number } }
  assignedTickets(first: 20) { totalCount nodes { number } }
} }
"""
OF_GROUP = """
query Group($v: ID!) { group(id: $v) {
  name members(first: 50) { nodes { name } }
  tickets(first: 20) { totalCount nodes { number title } }
} }
"""


def tickets(arguments: str, who: str = "admin", vary: str = "") -> Case:
    """Ask for a page of tickets."""
    declared = "($v: String!)" if vary == "word" else "($v: ID!)" if vary else ""
    text = f"query List{declared} {{ tickets({arguments}) {{ {LINE} }} }}"
    return Case(text, who, vary)


def count(arguments: str, who: str = "admin", vary: str = "") -> Case:
    """Ask how many tickets there are."""
    declared = "($v: ID!)" if vary else ""
    text = f"query Count{declared} {{ tickets({arguments}) {{ totalCount }} }}"
    return Case(text, who, vary)


ORDERS = {
    "by priority": "[{field: PRIORITY}]",
    "last changed": "[{field: UPDATED_AT, direction: DESC}]",
    "by when they are due": "[{field: SLA_DUE_AT}]",
}
RARE = {
    "waiting for a vendor": "holdReason: [VENDOR]",
    "by chat": "channel: [CHAT]",
    "of high impact": "impact: [HIGH]",
    "reopened": "reopenCount: {gte: 1}",
    "overdue": 'slaDueAt: {lte: "P0D"}',
    "moderate": "priority: [MODERATE]",
}
"""Filters that few tickets meet, or that no list is in the order of."""

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
    "how many in a group": count("filter: {group: {eq: $v}}", vary="group"),
    "how many open ones in a group": count(
        f"filter: {{group: {{eq: $v}}, {OPEN}}}", vary="group"
    ),
    "how many in a department": count(
        "filter: {requesterDepartment: {eq: $v}}", vary="department"
    ),
    "how many closed and moderate": count(
        "filter: {statusCategory: [CLOSED], priority: [MODERATE]}"
    ),
    "how many were resolved last month": count('filter: {resolvedAt: {gte: "-P30D"}}'),
    "how many open ones the agent sees": count(f"filter: {{{OPEN}}}", "agent"),
    "how many an agent's search finds": count('search: "printer"', "agent"),
    **{
        name: tickets(f"first: 50, filter: {{{filter_}}}")
        for name, filter_ in RARE.items()
    },
    **{
        f"how many {name}": count(f"filter: {{{filter_}}}")
        for name, filter_ in RARE.items()
    },
    **{
        f"{name}, as {article} {who}": tickets(f"first: 50, orderBy: {order}", who)
        for name, order in ORDERS.items()
        for article, who in (("an", "agent"), ("a", "head"), ("a", "requester"))
    },
    "open ones, as an agent": tickets(f"first: 50, filter: {{{OPEN}}}", "agent"),
    "open ones, as a head": tickets(f"first: 50, filter: {{{OPEN}}}", "head"),
    "search, a common word, as an agent": tickets(
        'first: 50, search: "printer"', "agent"
    ),
    "people": Case(PEOPLE),
    "people by name": Case(PEOPLE_BY_NAME, vary="word"),
    "how many people": Case("{ users { totalCount } }"),
    "groups with members": Case(GROUPS),
    "departments": Case(DEPARTMENTS),
    "a group with its tickets": Case(OF_GROUP, vary="group"),
    "a person with their tickets": Case(OF_PERSON, vary="person"),
    "one ticket with its history": Case(HISTORY, vary="person"),
    "the history of one ticket": Case(HISTORY_OF, vary="ticket"),
    "the comments of one ticket": Case(COMMENTS, vary="commented"),
    "queues with how many are in each": Case(QUEUES),
    "the same, as an agent": Case(QUEUES, "agent"),
    "queues with their first tickets": Case(IN_QUEUES),
    **APP,
}
