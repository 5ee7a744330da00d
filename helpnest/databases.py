"""A database for each domain: somebody's server, or the PostgreSQL of our own."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager

import asyncpg
import structlog
from asyncpg import InterfaceError, PostgresError

from helpnest.errors import CannotStartError
from helpnest.postgres import EmbeddedPostgres
from helpnest.postgres.binaries import OLDEST
from helpnest.progress import Announce
from helpnest.settings import StackSettings

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 10.0
ASYNCPG = "(sqlalchemy.dialects.postgresql.asyncpg.Error) "  # how it begins to quote
LOOK_EVERY = 0.25  # seconds between looks at whether our server still runs


@contextmanager
def databases(
    domains: Iterable[str], settings: StackSettings, announce: Announce
) -> Generator[tuple[dict[str, str], EmbeddedPostgres | None]]:
    """Give each domain's address, and the server of our own where one is needed.

    Raises:
        CannotStartError: our server cannot start.

    """
    domains = list(domains)
    urls = dict(settings.database_urls)
    ours = [domain for domain in domains if domain not in urls]
    if not ours:
        yield urls, None
        return
    announce("Starting PostgreSQL")
    with EmbeddedPostgres(settings.home, ours, announce=announce) as server:
        yield {**urls, **{domain: server.url(domain) for domain in ours}}, server


async def migrate(urls: Mapping[str, str], announce: Announce) -> None:
    """Bring every domain's database to its newest revision.

    Raises:
        CannotStartError: a database cannot be reached, is of no use, or a migration
            failed; what to do about it.

    """
    # Alembic is slow to load, and not every command migrates.
    from alembic.util import CommandError  # noqa: PLC0415 - see above
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - see above

    from kit.migrations import upgrade  # noqa: PLC0415 - see above

    for domain, url in urls.items():
        announce(f"Migrating {domain}")
        name = f"HELPNEST_{domain.upper()}_DATABASE_URL"
        try:
            await refuse_old_server(domain, url)
            await upgrade(domain, url)
        except OSError as error:
            raise CannotStartError(
                f"The database of {domain} does not answer ({error}). Start the server "
                f"that {name} points at, or unset it to use a PostgreSQL of HelpNest's "
                "own."
            ) from error
        except CommandError as error:
            raise CannotStartError(
                f"The database of {domain} was migrated by another version of HelpNest "
                f"({error}). Run that version, or restore a backup."
            ) from error
        except (SQLAlchemyError, PostgresError, InterfaceError, ValueError) as error:
            said = str(error).splitlines()[0].removeprefix(ASYNCPG)
            raise CannotStartError(
                f"The database of {domain} cannot be migrated: {said}. If {name} is "
                "set, look whether it names the right server, user and database."
            ) from error


async def refuse_old_server(domain: str, url: str) -> None:
    """Look at a server's version before anything is asked of it.

    Raises:
        CannotStartError: it is older than what the migrations need.

    """
    from sqlalchemy import make_url  # noqa: PLC0415 - slow to load

    plain = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(
        plain.render_as_string(hide_password=False), timeout=CONNECT_SECONDS
    )
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    if major < OLDEST:
        raise CannotStartError(
            f"The database of {domain} is on PostgreSQL {major}; HelpNest needs "
            f"{OLDEST} or newer."
        )


@asynccontextmanager
async def kept_running(server: EmbeddedPostgres | None) -> AsyncGenerator[None]:
    """Start our server again when it dies, while the block lasts.

    On the thread that runs the event loop, as the server dies with its thread.
    """
    watch = asyncio.create_task(_watch(server)) if server else None
    try:
        yield
    finally:
        if watch:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)


async def _watch(server: EmbeddedPostgres) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if server.is_running():
            continue
        log.error("postgres.died", log=str(server.folder.log))
        try:
            await asyncio.to_thread(server.clear)
            server.launch()
            await asyncio.to_thread(server.wait_until_ready)
        except CannotStartError as error:
            log.critical("postgres.stays_down", reason=str(error))
        else:
            log.info("postgres.back", pid=server.pid)
