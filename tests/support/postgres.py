"""A real PostgreSQL for the tests: one server per session, databases from templates."""

import asyncio
import contextlib
import shutil
import tempfile
import threading
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import asyncpg

from helpnest.postgres import EmbeddedPostgres
from kit import migrations

T = TypeVar("T")
ROOT = Path(__file__).parents[2]

# What a migration put into its tables belongs to the schema: it is kept aside once,
# and put back after each test, sequences too. Rules and foreign keys sleep meanwhile.
KEEP = """
DO $$
DECLARE name text; filled boolean;
BEGIN
  CREATE SCHEMA kept;
  CREATE TABLE kept."sequences of all" AS
    SELECT format('public.%I', sequencename)::regclass AS sequence,
      coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS called
    FROM pg_sequences WHERE schemaname = 'public';
  FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
    END IF;
  END LOOP;
END $$
"""
FILLED = """
SELECT format(
  'SELECT %1$L WHERE EXISTS (SELECT FROM public.%2$I)',
  format('public.%I', tablename), tablename)
FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
REFILLS = """
SELECT format(
  'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM kept.%1$I',
  table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position))
FROM information_schema.columns AS c
WHERE table_schema = 'public' AND is_generated = 'NEVER'
  AND EXISTS (SELECT FROM pg_tables AS k
    WHERE k.schemaname = 'kept' AND k.tablename = c.table_name)
GROUP BY table_name
"""
SEQUENCES = """
SELECT setval(sequence, value, called) FROM kept."sequences of all"
"""


class Databases:
    """The session's server and the databases on it."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._side = SideLoop()
        self._cleaners: dict[str, Cleaner] = {}
        self._made = 0
        self.in_use: set[str] = set()

    def url(self, domain: str) -> str:
        """Give ``domain``'s migrated database, shared by the tests that ask for it."""
        if domain not in self._cleaners:
            self._side.run(migrations.upgrade(domain, self._server.url(domain)))
            cleaner = Cleaner(self._address(domain, "helpnest"))
            self._side.run(cleaner.open())
            self._cleaners[domain] = cleaner
        self.in_use.add(domain)
        return self._server.url(domain)

    def empty(self, domain: str) -> str:
        """Make a new database without a single table, for ``domain``'s role."""
        return self._fresh(domain, "template1")

    def copy(self, domain: str) -> str:
        """Make a new migrated database that no other test shares."""
        template = f"template_{domain}"
        if template not in self._server.sql("SELECT datname FROM pg_database"):
            self._server.create_database(template, domain)
            address = self._address(template, f"helpnest_{domain}")
            self._side.run(migrations.upgrade(domain, address))
        return self._fresh(domain, template)

    def clean(self) -> None:
        """Empty the databases that the last test used."""
        for domain in self.in_use:
            self._side.run(self._cleaners[domain].clean())
        self.in_use.clear()

    def close(self) -> None:
        """Let go of the connections, so that the server may stop."""
        for cleaner in self._cleaners.values():
            self._side.run(cleaner.close())
        self._side.close()

    def _fresh(self, domain: str, template: str) -> str:
        self._made += 1
        name = f"{domain}_{self._made}"
        self._server.create_database(name, domain, template)
        return self._address(name, f"helpnest_{domain}")

    def _address(self, database: str, role: str) -> str:
        host = quote(str(self._server.socket_folder), safe="")
        return f"postgresql://{role}@/{database}?host={host}"


class Cleaner:
    """One connection that empties one database in about a millisecond."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        """Connect, and keep aside what the migrations put into the tables."""
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(KEEP)
        await self._connection.execute(
            "SET lock_timeout = '10s'; SET session_replication_role = replica"
        )
        filled = await self._connection.fetch(FILLED)
        self._filled = " UNION ALL ".join(row[0] for row in filled)
        refills = await self._connection.fetch(REFILLS)
        self._refills = [str(row[0]) for row in refills]

    async def clean(self) -> None:
        """Bring the tables back to what they were when the migrations had run.

        A lock that is not let go within ten seconds is a test's open transaction.
        """
        filled = [str(row[0]) for row in await self._connection.fetch(self._filled)]
        steps = [
            # Not TRUNCATE, which would want every table that refers to these.
            *(f"DELETE FROM {name}" for name in filled),  # noqa: S608 - quoted by PostgreSQL
            *self._refills,
            SEQUENCES,
        ]
        await self._connection.execute(";".join(steps))

    async def close(self) -> None:
        await self._connection.close()


class SideLoop:
    """An event loop in a thread of its own: usable from tests of either colour."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def domains() -> list[str]:
    """Name the domains that have a database of their own."""
    return sorted(env.parent.name for env in ROOT.glob("migrations/*/env.py"))


@contextlib.contextmanager
def running_databases() -> Generator[Databases]:
    """Start a server in a folder of its own, and remove both in the end."""
    home = Path(tempfile.mkdtemp(prefix="helpnest-test-"))
    home.chmod(0o711)  # so that started by root, another account can pass
    try:
        with EmbeddedPostgres(home, domains(), durable=False) as server:
            databases = Databases(server)
            try:
                yield databases
            finally:
                databases.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)
