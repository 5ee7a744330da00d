"""The environment → what the command line must know; flags go before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from helpnest.errors import CannotStartError
from kit.settings import (
    LARGEST_PORT,
    LogFormat,
    SettingsError,
    environment,
    log_format,
)

HOST = "127.0.0.1"  # this machine alone, unless told otherwise
PORT = 4000
ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, never listened on


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSettings:
    """Where the stack listens, and where its data is.

    ``database_urls`` holds the domains whose database is somebody else's server;
    the others are kept by a PostgreSQL of our own under ``home``. ``secrets`` are
    further variables for the parts, which no log may show. ``demo`` says whether an
    empty installation is filled with a small company, ``graphiql`` whether GraphiQL
    is built where it is not yet. Logs are coloured text for the person who started it,
    unless ``log_format`` says otherwise.
    """

    host: str = HOST
    port: int = PORT
    home: Path = Path(".helpnest")
    database_urls: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    demo: bool = True
    graphiql: bool = True
    log_format: LogFormat = "text"

    @classmethod
    def from_environment(
        cls, domains: Iterable[str], given: Mapping[str, str] | None = None
    ) -> Self:
        """Read ``HOST``, ``PORT``, ``HELPNEST_…`` and each domain's database.

        >>> StackSettings.from_environment([], {"PORT": "4100"}).port
        4100

        Raises:
            CannotStartError: a value cannot be what it is for.

        """
        env = environment() if given is None else given
        names = {each: f"HELPNEST_{each.upper()}_DATABASE_URL" for each in domains}
        return cls(
            host=env.get("HOST") or HOST,
            port=port_of(env.get("PORT") or str(PORT)),
            home=Path(env.get("HELPNEST_HOME") or ".helpnest").expanduser(),
            database_urls={d: env[name] for d, name in names.items() if env.get(name)},
            demo=env.get("HELPNEST_DEMO", "on") != "off",
            graphiql=env.get("HELPNEST_GRAPHIQL", "on") != "off",
            log_format=format_in(env),
        )

    def with_flags(self, host: str | None, port: int | None) -> Self:
        """Take what the command line says over what the environment says."""
        return replace(
            self,
            host=self.host if host is None else host,
            port=self.port if port is None else port,
        )

    @property
    def url(self) -> str:
        """Where this machine reaches the router."""
        return address_of(self.host, self.port)


def address_of(host: str, port: int) -> str:
    """Write the URL at which this machine reaches what listens there.

    >>> address_of("0.0.0.0", 4000), address_of("::1", 80)
    ('http://127.0.0.1:4000', 'http://[::1]:80')
    """
    name = "127.0.0.1" if host in ANYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def format_in(env: Mapping[str, str]) -> LogFormat:
    """Read how logs are written.

    Raises:
        CannotStartError: nobody writes them so.

    """
    try:
        return log_format(env, usual="text")
    except SettingsError as error:
        raise CannotStartError(str(error)) from error


def port_of(text: str) -> int:
    """Read a port's number; 0 lets the system choose.

    Raises:
        CannotStartError: it is none.

    """
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise CannotStartError(
            f"PORT is {text!r}; it takes a number from 0 to {LARGEST_PORT}."
        )
    return int(text)
