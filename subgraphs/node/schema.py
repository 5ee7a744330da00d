"""The node subgraph, whole."""

from kit.graphql import Schema
from subgraphs.node.queries import Query
from subgraphs.node.types import STUBS

schema = Schema(query=Query, types=STUBS.values())
