"""The only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self

Execution = Literal["compiled", "standard"]
LogFormat = Literal["json", "text"]

LARGEST_PORT: Final = 65_535

SMALLEST_SECRET: Final = 32
"""Characters; fewer could be guessed."""

_GRAPH = "http://127.0.0.1:4000"


def environment() -> Mapping[str, str]:
    """Read the process's environment; nothing else in the project does."""
    return os.environ  # noqa: TID251 - this is the one place


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """What one subgraph must know to run.

    ``graph_url`` is the router's GraphQL endpoint, ``jwks_url`` and
    ``revocations_url`` where auth publishes its keys and what it took back, and
    ``token_url`` where it gives tokens.
    ``execution`` chooses between operations compiled to Python and graphql-core's
    own executor. ``router_secret`` signs the router's requests (HMAC); without it
    a subgraph takes requests from anyone who has a valid token. ``service_secret``
    is what services prove to auth who they are by; without it, this one does nothing
    in its own name. ``key_secret``
    encrypts the private keys that a domain keeps in its database.
    """

    domain: str
    database_url: str
    graph_url: str = f"{_GRAPH}/graphql"
    jwks_url: str = f"{_GRAPH}/auth/.well-known/jwks.json"
    revocations_url: str = f"{_GRAPH}/auth/revocations"
    token_url: str = f"{_GRAPH}/auth/token"
    issuer: str = "helpnest"
    audience: str = "helpnest"
    execution: Execution = "compiled"
    router_secret: str | None = None
    service_secret: str | None = None
    key_secret: str | None = None
    log_format: LogFormat = "json"
    introspection: bool = True
    log_requests: bool = False

    @classmethod
    def from_environment(
        cls, domain: str, given: Mapping[str, str] | None = None
    ) -> Self:
        """Read ``HELPNEST_…`` variables.

        ``HELPNEST_<DOMAIN>_DATABASE_URL`` and ``HELPNEST_<DOMAIN>_KEY_SECRET`` are
        this domain's alone; every other name is a field's own, in capitals:
        ``HELPNEST_JWKS_URL``, ``HELPNEST_EXECUTION``.

        Raises:
            SettingsError: a variable is missing or holds a value it cannot have.

        """
        env = environment() if given is None else given
        name = f"HELPNEST_{domain.upper()}_DATABASE_URL"
        url = env.get(name)
        if not url:
            raise SettingsError(name, "is not set; it names this domain's PostgreSQL")
        execution = pick(env, "HELPNEST_EXECUTION", ("compiled", "standard"))
        return cls(
            domain=domain,
            database_url=url,
            graph_url=env.get("HELPNEST_GRAPH_URL", cls_default("graph_url")),
            jwks_url=env.get("HELPNEST_JWKS_URL", cls_default("jwks_url")),
            revocations_url=env.get(
                "HELPNEST_REVOCATIONS_URL", cls_default("revocations_url")
            ),
            token_url=env.get("HELPNEST_TOKEN_URL", cls_default("token_url")),
            issuer=env.get("HELPNEST_ISSUER", "helpnest"),
            audience=env.get("HELPNEST_AUDIENCE", "helpnest"),
            execution="standard" if execution == "standard" else "compiled",
            router_secret=read_secret(env, "HELPNEST_ROUTER_SECRET"),
            service_secret=read_secret(env, "HELPNEST_SERVICE_SECRET"),
            key_secret=env.get(f"HELPNEST_{domain.upper()}_KEY_SECRET") or None,
            log_format=log_format(env),
            introspection=pick(env, "HELPNEST_INTROSPECTION", ("on", "off")) == "on",
            log_requests=pick(env, "HELPNEST_LOG_REQUESTS", ("off", "on")) == "on",
        )


def pick(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """Read a variable that takes few values; unset or empty, it has the first.

    Raises:
        SettingsError: it has none of them: a switch that is misspelt must not
            leave open what it was to close.

    """
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(name, f"is {value!r}; it takes {' or '.join(choices)}")
    return value


def log_format(env: Mapping[str, str], usual: LogFormat = "json") -> LogFormat:
    """Read how logs are written.

    Raises:
        SettingsError: nobody writes them so.

    """
    if not env.get("HELPNEST_LOG_FORMAT"):
        return usual
    text = pick(env, "HELPNEST_LOG_FORMAT", ("json", "text")) == "text"
    return "text" if text else "json"


def read_secret(env: Mapping[str, str], name: str) -> str | None:
    """Read a secret, if it is set.

    Raises:
        SettingsError: it is too short to be one; the message does not quote it.

    """
    value = env.get(name) or None
    if value is not None and len(value) < SMALLEST_SECRET:
        raise SettingsError(name, f"has fewer than {SMALLEST_SECRET} characters")
    return value


def cls_default(field: str) -> str:
    """Read a text field's default off `ServiceSettings`."""
    found: object = ServiceSettings.__dataclass_fields__[field].default
    return str(found)


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}.")
        self.name = name
