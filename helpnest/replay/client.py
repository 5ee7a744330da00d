"""The public endpoint as an integration uses it: a token, retries, GraphQL."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
import orjson

SCOPES: Final = (
    "users:read",
    "users:manage",
    "tickets:read",
    "tickets:read_all",
    "tickets:write",
    "tickets:work",
    "tickets:import",
)
"""What an account needs that replays a log."""

REQUEST_SECONDS: Final = 30.0
PAUSES: Final = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Between tries, in seconds: two minutes in all. A restart takes less, and the router
leaves a subgraph alone for half a minute after it failed too often."""
FIRST_TRIES: Final = 2
RENEW_BEFORE: Final = 30.0
"""A token is renewed when it has fewer seconds to live than this."""
PASSING: Final = frozenset(
    {
        "SUBGRAPH_UNAVAILABLE",
        "SUBREQUEST_HTTP_ERROR",
        "INTERNAL",
        "RATE_LIMITED",
        "UNAUTHENTICATED",
    }
)
"""Error codes that another try may not meet; keys make it harmless."""
UNAUTHORIZED: Final = 401
SERVER_ERROR: Final = 500


class UnreachableError(Exception):
    """The graph did not answer, try after try; the message says what it did."""


class RefusedError(Exception):
    """The graph answered that this cannot be done, and would answer so again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, read whole."""

    status: int
    body: bytes


class Post(Protocol):
    """Send a body, get an answer.

    Raises:
        OSError: there was none.

    """

    async def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], /
    ) -> Reply:
        """Send one request."""
        ...


def posting(session: aiohttp.ClientSession) -> Post:
    """Send over a connection pool."""

    async def post(url: str, body: bytes, headers: Mapping[str, str], /) -> Reply:
        try:
            async with session.post(url, data=body, headers=headers) as answer:
                return Reply(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(str(error) or type(error).__name__) from error

    return post


@dataclass(frozen=True, slots=True)
class Credentials:
    """A service account's."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(slots=True)
class PublicGraphClient:
    """Mutations and queries with a service account's token."""

    post: Post
    url: str
    credentials: Credentials
    pauses: tuple[float, ...] = PAUSES
    _token: str | None = None
    _expires: float = 0.0
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run an operation and return its data; what passes is tried again.

        Raises:
            RefusedError: the answer has an error that no other try will mend.
            UnreachableError: no try was answered.

        """
        body = orjson.dumps({"query": query, "variables": variables})
        last = "no try was made"
        # Who never answered is not there; who did is being started again.
        pauses = self.pauses if self._token else self.pauses[:FIRST_TRIES]
        for pause in (*pauses, None):
            try:
                reply = await self._authorized(body)
            except OSError as error:
                last = str(error)
            else:
                last = problem_of(reply)
                if not last:
                    data: dict[str, Any] = orjson.loads(reply.body)["data"]
                    return data
            if pause is not None:
                await asyncio.sleep(pause)
        raise UnreachableError(f"{self.url} does not answer as it should: {last}")

    async def _authorized(self, body: bytes) -> Reply:
        headers = {
            "authorization": f"Bearer {await self._current_token()}",
            "content-type": "application/json",
            "accept": "application/json",
        }
        reply = await self.post(self.url, body, headers)
        if reply.status == UNAUTHORIZED:
            self._expires = 0.0
        return reply

    async def _current_token(self) -> str:
        async with self._signing_in:
            if self._token is None or time.monotonic() > self._expires - RENEW_BEFORE:
                await self._sign_in()
            return self._token or ""

    async def _sign_in(self) -> None:
        form = urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": self.credentials.client_id,
                "client_secret": self.credentials.client_secret,
            }
        )
        url = token_url(self.url)
        reply = await self.post(
            url, form.encode(), {"content-type": "application/x-www-form-urlencoded"}
        )
        if reply.status >= SERVER_ERROR:
            raise OSError(f"{url} answered {reply.status}")
        answer = read_json(reply)
        if "access_token" not in answer:
            said = answer.get("error_description") or answer.get("error") or ""
            raise RefusedError(f"{url} gives no token ({reply.status}): {said}")
        self._token = str(answer["access_token"])
        self._expires = time.monotonic() + float(answer.get("expires_in", 300))


def token_url(graph_url: str) -> str:
    """Say where the tokens of a graph are had.

    >>> token_url("http://127.0.0.1:4000/graphql")
    'http://127.0.0.1:4000/auth/token'
    """
    parts = urlsplit(graph_url)
    return urlunsplit((parts.scheme, parts.netloc, "/auth/token", "", ""))


def graphql_url(url: str) -> str:
    """Take the graph's address, or the server's.

    >>> graphql_url("http://127.0.0.1:4000")
    'http://127.0.0.1:4000/graphql'
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/") or "/graphql"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def read_json(reply: Reply) -> dict[str, Any]:
    """Read an answer's JSON object, or an empty one where there is none."""
    try:
        found: object = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def problem_of(reply: Reply) -> str:
    """Say what is wrong with an answer that may pass; nothing where all is well.

    Raises:
        RefusedError: it will not pass.

    """
    answer = read_json(reply)
    errors: list[dict[str, Any]] = answer.get("errors") or []
    codes = {str((each.get("extensions") or {}).get("code")) for each in errors}
    said = "; ".join(str(each.get("message")) for each in errors)
    if not errors and isinstance(answer.get("data"), dict):
        return ""
    if reply.status >= SERVER_ERROR or not answer or codes & PASSING:
        return said or f"status {reply.status}"
    raise RefusedError(said or f"status {reply.status}")
