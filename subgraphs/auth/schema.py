"""The auth subgraph, whole."""

from typing import Final

from kit.graphql import Schema
from subgraphs.auth.mutations import Mutation
from subgraphs.auth.queries import Query
from subgraphs.auth.types.entities import ServiceAccount, Session, User

schema: Final = Schema(
    query=Query,
    mutation=Mutation,
    types=[User, Session, ServiceAccount],
    public=["signIn", "refreshSession", "authProviders"],
)
