"""What a request about groups carries."""

from dataclasses import dataclass, field
from functools import cached_property

import strawberry

from kit.graphql import Context as KitContext
from kit.outbox import Watch
from subgraphs.groups.loaders import Loaders
from subgraphs.groups.service.directory import Directory


@dataclass
class Context(KitContext):
    """Who asks, the database, and this request's loaders.

    ``watch`` is the process's one reader of what happens.
    """

    watch: Watch = field(kw_only=True)

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database, self.identity)

    @property
    def directory(self) -> Directory:
        """People and departments, as the caller may see them."""
        return Directory(self.graph)

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it."""
        self.__dict__.pop("loaders", None)


Info = strawberry.Info[Context, None]
