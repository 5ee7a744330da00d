"""The tickets subgraph, whole."""

from typing import Final

from kit.graphql import Schema
from subgraphs.tickets.mutations import Mutation
from subgraphs.tickets.queries import Query
from subgraphs.tickets.subscriptions import Subscription
from subgraphs.tickets.types.people import Department, Group, User

schema: Final = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[User, Department, Group],
)
