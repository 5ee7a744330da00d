"""A schema of tickets whose compiled operations tests look at."""

import graphql as g

import jit

SCHEMA = g.build_schema(
    """
    enum Status { OPEN DONE }
    scalar Instant
    interface Node { id: ID! }
    type User implements Node { id: ID! name: String }
    type Ticket implements Node {
      id: ID!
      weight: Float
      open: Boolean!
      status: Status!
      at: Instant
      tags: [String!]!
      assignee: User
      parent: Node
      comments(first: Int = 10, after: String): [Ticket]
    }
    type Query { ticket(id: ID!): Ticket }
    type Mutation { close(id: ID!): Ticket! again: Int }
    """
)


def source(document: str) -> str:
    """Compile a document, and give the function's text."""
    return jit.compile_operation(SCHEMA, g.parse(document)).source
