"""Run one domain's Alembic environment under ``migrations/<domain>/``.

A migration takes an advisory lock, so that two processes that start together
migrate one after the other, and a lock timeout, so that a migration gives up rather
than stop the service behind a long transaction.
"""

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

ADVISORY_LOCK: Final = 0x48454C504E455354
"""The bytes of "HELPNEST": a lock of our own in each domain's database."""

LOCK_TIMEOUT: Final = "5s"


def migrations_folder() -> Path:
    """Find ``migrations/`` beside the packages."""
    return Path(__file__).parents[1] / "migrations"


def alembic_config(domain: str) -> Config:
    """Point Alembic at one domain's environment.

    Raises:
        LookupError: there is no such domain.

    """
    folder = migrations_folder() / domain
    if not (folder / "env.py").is_file():
        raise LookupError(f"There are no migrations for {domain!r} in {folder}.")
    config = Config(stdout=io.StringIO())  # it would print what we return
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


async def upgrade(domain: str, url: str, revision: str = "head") -> None:
    """Bring a domain's database to a revision, the newest if none is named.

    Raises:
        CommandError: the revision does not exist, or the database is ahead of it.

    """
    await _run(domain, url, lambda config: command.upgrade(config, revision))


async def check(domain: str, url: str) -> list[str]:
    """Say how a migrated database differs from the models; nothing is well."""
    differences: list[str] = []

    def compare(config: Config) -> None:
        try:
            command.check(config)
        except CommandError as error:
            differences.append(str(error))

    await _run(domain, url, compare)
    return differences


async def _run(domain: str, url: str, work: Callable[[Config], None]) -> None:
    config = alembic_config(domain)
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )

    def on(connection: Connection) -> None:
        with alone(connection):
            config.attributes["connection"] = connection
            work(config)

    try:
        async with engine.connect() as connection:
            await connection.run_sync(on)
            await connection.commit()
    finally:
        await engine.dispose()


@contextmanager
def alone(connection: Connection) -> Generator[None]:
    """Hold the advisory lock, and give up on any other lock after `LOCK_TIMEOUT`."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    try:
        yield
    finally:
        with suppress(DBAPIError):  # a session that was lost has no lock any more
            connection.rollback()
            connection.execute(
                text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK}
            )


def run_environment(metadata: MetaData) -> None:
    """Be a domain's whole ``env.py``: migrate the connection that `_run` brought.

    Raises:
        RuntimeError: Alembic was started by itself; ``helpnest migrate`` does it.

    """
    from alembic import context  # noqa: PLC0415 - exists only while Alembic runs

    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("Run migrations with `helpnest migrate`.")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
