"""How the tickets subgraph runs."""

from kit.app import Service, Surroundings, create_service
from kit.database import Database
from kit.identity import Identity
from kit.public_graph import CallerGraph
from kit.rounds import Rounds
from kit.settings import ServiceSettings
from subgraphs.tickets.context import Context
from subgraphs.tickets.loaders import Loaders
from subgraphs.tickets.schema import schema
from subgraphs.tickets.service.people import People, PeopleMemory
from subgraphs.tickets.service.standings import Standings
from subgraphs.tickets.service.upkeep import rounds_of


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    memory, standings = PeopleMemory(), Standings()
    database = Database(settings.database_url)

    def make_context(
        caller: Identity, database: Database, graph: CallerGraph
    ) -> Context:
        return Context(
            identity=caller,
            database=database,
            graph=graph,
            loaders=Loaders(database, caller),
            people=People(memory, graph, caller),
            standings=standings,
        )

    return create_service(
        schema,
        settings,
        make_context,
        surroundings=surroundings,
        database=database,
        background=Rounds(*rounds_of(database)).running,
    )
