"""The users subgraph, whole."""

from kit.graphql import Schema
from subgraphs.users.mutations import Mutation
from subgraphs.users.queries import Query

schema = Schema(query=Query, mutation=Mutation)
