"""A database for each domain: somebody's server, or the PostgreSQL of our own."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager

import structlog

from helpnest.errors import CannotStartError
from helpnest.postgres import EmbeddedPostgres
from helpnest.progress import Announce
from helpnest.settings import StackSettings

log = structlog.get_logger(__name__)

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
        CannotStartError: a database cannot be reached, or a migration failed.

    """
    from kit.migrations import upgrade  # noqa: PLC0415 - Alembic is slow to load

    for domain, url in urls.items():
        announce(f"Migrating {domain}")
        try:
            await upgrade(domain, url)
        except OSError as error:
            raise CannotStartError(
                f"The database of {domain} does not answer ({error}). Start the server "
                f"that HELPNEST_{domain.upper()}_DATABASE_URL points at, or unset it "
                "to use a PostgreSQL of HelpNest's own."
            ) from error


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
