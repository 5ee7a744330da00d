"""What a request about people carries."""

from dataclasses import dataclass
from functools import cached_property

import strawberry

from kit.database import Database
from kit.graphql import Context as KitContext
from kit.identity import Identity
from kit.public_graph import CallerGraph
from subgraphs.users.loaders import Loaders
from subgraphs.users.policy import visible


@dataclass
class Context(KitContext):
    """Who asks, the database, and this request's loaders."""

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database, visible(self.identity))

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it."""
        self.__dict__.pop("loaders", None)


Info = strawberry.Info[Context, None]


def make_context(identity: Identity, database: Database, graph: CallerGraph) -> Context:
    """Make the context of one request."""
    return Context(identity, database, graph)
