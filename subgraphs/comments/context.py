"""What a request about comments carries."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import strawberry

from kit.graphql import Context as KitContext
from kit.outbox import Watch
from subgraphs.comments.loaders import Loaders
from subgraphs.comments.service.tickets import Tickets


@dataclass
class Context(KitContext):
    """Who asks, the database, this request's loaders, and tickets as they see them.

    ``watch`` is the process's one reader of what happens.
    """

    readers: ClassVar = ("loaders", "tickets")

    watch: Watch = field(kw_only=True)

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database)

    @cached_property
    def tickets(self) -> Tickets:
        """How the caller stands to tickets, asked at most once for each."""
        return Tickets(self.graph)

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it."""
        self.__dict__.pop("loaders", None)


Info = strawberry.Info[Context, None]
