"""What a request about comments carries."""

from dataclasses import dataclass
from functools import cached_property

import strawberry

from kit.graphql import Context as KitContext
from subgraphs.comments.loaders import Loaders


@dataclass
class Context(KitContext):
    """Who asks, the database, and this request's loaders."""

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database)


Info = strawberry.Info[Context, None]
