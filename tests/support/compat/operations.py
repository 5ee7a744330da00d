"""What both routers are asked: the project's end-to-end queries, and their hard parts.

``QUERIES`` read; the tickets that they meet are opened through our own router.
"""

from typing import Final

QUERIES: Final[dict[str, str]] = {
    "the README's query": """
        query First { tickets(first: 50) { nodes {
          number title assignee { name department { name head { name } } }
        } } }""",
    "four links deep, and back": """
        query Deep { tickets(first: 5) { nodes { number requester {
          name manager { name department { name parent { name head { name } } } }
          requestedTickets(first: 2) { nodes { number assignee { email } } }
        } } } }""",
    "people with their departments, roles and tickets": """
        query People { users(first: 10) { totalCount nodes {
          name email active department { name } roles { role { key } }
          assignedTickets(first: 3) { totalCount nodes { number } }
        } } }""",
    "departments with the tickets of their people": """
        query Departments { departments(first: 20) { nodes {
          name head { name } tickets(first: 2) { nodes { title } }
        } } }""",
    "aliases, fragments and one field under two arguments": """
        query Aliases {
          a: tickets(first: 1) { nodes { ...Line } }
          b: tickets(first: 3) { nodes { ...Line requester { __typename email } } }
        }
        fragment Line on Ticket { __typename number status { key category } }""",
    "conditions": """
        query Conditions($yes: Boolean = true, $no: Boolean = false) {
          tickets(first: 2) { nodes {
            number
            title @include(if: $no)
            assignee @skip(if: $no) { name @include(if: $yes) }
          } }
        }""",
    "a filter, an order and a page": """
        query Filtered { tickets(
          first: 2
          filter: { or: [{ statusCategory: [NEW] }, { title: { contains: "fire" } }] }
          orderBy: [{ field: NUMBER, direction: DESC }]
        ) { totalCount pageInfo { hasNextPage } nodes { number } } }""",
    "history, permissions and transitions": """
        query Explained { tickets(first: 3) { nodes {
          number version priority viewerPermissions { canEdit canAssign canResolve }
          availableTransitions { toStatus { key } requiredFields }
          history(first: 5) { nodes { seq kind field before after actor { name } } }
        } } }""",
    "what is not there is null": """
        query Nothing { ticket(number: "INC9999999") { title } group(id: "grp_x") { id }
        }""",
    "the types of the graph": """
        query Types { __schema { queryType { name } mutationType { name } }
          __type(name: "Ticket") { kind name fields { name } } }""",
}

FAULTS: Final[dict[str, str]] = {
    "no such field": "{ nothing }",
    "no such argument": "{ tickets(most: 3) { nodes { id } } }",
    "a page over the limit": "{ tickets(first: 101) { nodes { id } } }",
    "an altered cursor": '{ tickets(after: "nonsense") { nodes { id } } }',
}
"""Both must answer with errors and no data."""
