"""What a resolver of this domain may reach."""

from dataclasses import dataclass

import strawberry

from kit import graphql
from subgraphs.tickets.loaders import Loaders
from subgraphs.tickets.service.people import People


@dataclass(slots=True)
class Context(graphql.Context):
    """One request: its caller, its loaders, and whom it may ask about people."""

    loaders: Loaders
    people: People


Info = strawberry.Info[Context, None]
