"""The comments subgraph, whole."""

from kit.graphql import Schema
from subgraphs.comments.queries import Query

schema = Schema(query=Query)
