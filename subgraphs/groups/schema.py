"""The groups subgraph, whole."""

from kit.graphql import Schema
from subgraphs.groups.mutations import Mutation
from subgraphs.groups.queries import Query
from subgraphs.groups.subscriptions import Subscription
from subgraphs.groups.types.groups import User

schema = Schema(query=Query, mutation=Mutation, subscription=Subscription, types=[User])
