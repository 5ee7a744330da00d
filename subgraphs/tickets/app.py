"""How the tickets subgraph runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from kit.app import Service, Surroundings, create_service
from kit.database import Database
from kit.identity import Identity
from kit.outbox import Watch
from kit.outbox.follower import following
from kit.own_graph import own_graph
from kit.public_graph import CallerGraph
from kit.settings import ServiceSettings
from subgraphs.tickets.context import Context
from subgraphs.tickets.loaders import Loaders
from subgraphs.tickets.repository.following import WATCHED
from subgraphs.tickets.schema import schema
from subgraphs.tickets.service.follow_comments import comments_follower
from subgraphs.tickets.service.follow_groups import groups_follower
from subgraphs.tickets.service.people import People, PeopleMemory
from subgraphs.tickets.service.rosters import Rosters
from subgraphs.tickets.service.standings import Standings
from subgraphs.tickets.service.teams import Teams, TeamsMemory
from subgraphs.tickets.service.upkeep import upkeep


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    memory, standings, teams = PeopleMemory(), Standings(), TeamsMemory()
    database = Database(settings.database_url)
    watch = Watch(WATCHED, database)
    around = surroundings or Surroundings.of(settings)
    own = own_graph(settings, around.http)
    followers = [
        make(database, own)
        for make in (groups_follower, comments_follower)
        if own is not None
    ]

    def make_context(
        caller: Identity, database: Database, graph: CallerGraph
    ) -> Context:
        return Context(
            identity=caller,
            database=database,
            graph=graph,
            loaders=Loaders(database, caller),
            people=People(memory, graph, caller),
            rosters=Rosters(graph),
            standings=standings,
            watch=watch,
            teams=Teams(teams, graph),
        )

    @asynccontextmanager
    async def by_itself() -> AsyncGenerator[None]:
        async with following(*followers), upkeep(settings.database_url):
            yield

    return create_service(
        schema,
        settings,
        make_context,
        surroundings=around,
        database=database,
        background=by_itself,
    )
