"""What a request about nodes carries."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import strawberry

from kit.graphql import Context as KitContext
from subgraphs.node.service import Nodes


@dataclass
class Context(KitContext):
    """Who asks, and what there is for them."""

    readers: ClassVar = ("nodes",)

    @cached_property
    def nodes(self) -> Nodes:
        """What there is for the caller, asked for once."""
        return Nodes(self.graph)


Info = strawberry.Info[Context, None]
