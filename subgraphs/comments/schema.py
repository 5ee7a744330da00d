"""The comments subgraph, whole."""

from kit.graphql import Schema
from subgraphs.comments.mutations import Mutation
from subgraphs.comments.queries import Query
from subgraphs.comments.subscriptions import Subscription
from subgraphs.comments.types.comments import Ticket

schema = Schema(
    query=Query, mutation=Mutation, subscription=Subscription, types=[Ticket]
)
