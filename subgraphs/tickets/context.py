"""What a resolver of this domain may reach."""

from dataclasses import dataclass

import strawberry

from kit import graphql
from kit.outbox import Watch
from subgraphs.tickets.loaders import Loaders
from subgraphs.tickets.service.people import People
from subgraphs.tickets.service.rosters import Rosters
from subgraphs.tickets.service.standings import Standings
from subgraphs.tickets.service.teams import Teams


@dataclass
class Context(graphql.Context):
    """One request: its caller, its loaders, whom it may ask about people.

    ``watch`` is this process's, and tells of all that happens to tickets.
    """

    loaders: Loaders
    people: People
    rosters: Rosters
    standings: Standings
    watch: Watch
    teams: Teams

    async def prepare(self) -> None:
        """Learn where the caller stands, which every rule of `policy` rests on."""
        self.identity = await self.standings.viewer(self.identity, self.graph)
        self.loaders.caller = self.identity

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it."""
        self.loaders = Loaders(self.database, self.identity)


Info = strawberry.Info[Context, None]
