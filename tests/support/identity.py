"""Auth alone with a real PostgreSQL, a clock that tests move, and a made-up users."""

import json
import re
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from kit.app import Service, Surroundings
from kit.identity import ANONYMOUS
from kit.proof import sign
from kit.settings import ServiceSettings
from kit.tokens import TokenVerifier
from subgraphs.auth.app import create_app
from subgraphs.auth.service.authority import Authority
from tests.support.execution import EXECUTION

ADDRESS = "x-helpnest-client-address"
SECRET = "only the router and its subgraphs know this"

HASHED: dict[str, str] = {}
"""Each password is hashed once a session of tests: it takes 66 ms by design."""

SIGN_IN = """
mutation In($input: SignInInput!) {
  signIn(input: $input) {
    session { id deviceName ipAddress userAgent }
    accessToken expiresAt refreshToken
    user { id }
    userErrors { code message path }
  }
}
"""
REFRESH = """
mutation Again($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    accessToken refreshToken userErrors { code message }
  }
}
"""


@dataclass
class Clock:
    """The time, some seconds ahead of everybody else's."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def forward(self, **by: float) -> None:
        """Let minutes or days go by."""
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        self.ahead += sum(units[unit] * amount for unit, amount in by.items())


@dataclass
class People:
    """What the public graph says of users, as far as auth asks it."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    answers: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    tokens: list[str] = field(default_factory=list[str])

    def add(self, user_id: str, *permissions: str, role: str = "agent") -> None:
        """Know an active user with one role that is held everywhere."""
        self.known[user_id] = {
            "id": user_id,
            "email": f"{user_id}@example.com",
            "active": True,
            "permissions": list(permissions),
            "roles": [
                {"scope": "GLOBAL", "role": {"key": role}},
                {"scope": "DEPARTMENT", "role": {"key": "admin"}},
            ],
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        self.tokens.append(request.headers["authorization"])
        if not self.answers:
            raise httpx.ConnectError("nobody there")
        variables = body["variables"]
        if "id" in variables:
            data: dict[str, Any] = {"user": self.known.get(variables["id"])}
        else:
            nodes = [self.known[i] for i in variables["ids"] if i in self.known]
            data = {"users": {"nodes": nodes}}
        return httpx.Response(200, json={"data": data})


@dataclass
class Desk:
    """Auth, and what surrounds it."""

    service: Service
    http: httpx.AsyncClient
    people: People
    clock: Clock
    verifier: TokenVerifier

    @property
    def authority(self) -> Authority:
        """What the service works with."""
        make: Any = self.service.graphql.make_context
        authority: Authority = make(ANONYMOUS, self.service.database, None).authority
        return authority

    async def account(
        self, user_id: str, password: str, *permissions: str
    ) -> dict[str, str]:
        """Make an active user with an account; return what signs them in."""
        from subgraphs.auth.repository import accounts  # noqa: PLC0415

        self.people.add(user_id, *permissions)
        email = f"{user_id}@example.com"
        hashed = HASHED.get(password) or await self.authority.passwords.hash(password)
        HASHED[password] = hashed
        async with self.service.database.unit_of_work() as session:
            await accounts.put_account(
                session, user_id, email, hashed, self.authority.now()
            )
        return {"email": email, "password": password}

    async def column(self, sql: str) -> list[Any]:
        """Look into the database: the first column of what a query finds."""
        async with self.service.database.engine.connect() as connection:
            return [row[0] for row in await connection.exec_driver_sql(sql)]

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send an operation as the router would."""
        sent = dict(headers or {})
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables or {}}
        return await self.http.post("/graphql", json=body, headers=sent)

    async def data(
        self, query: str, variables: dict[str, Any] | None = None, **how: Any
    ) -> dict[str, Any]:
        """Take the data of an answer without errors."""
        answer = (await self.ask(query, variables, **how)).json()
        assert "errors" not in answer, answer["errors"]
        found: dict[str, Any] = answer["data"]
        return found

    async def sign_in(
        self, credentials: dict[str, str], *, address: str = "192.0.2.1", **more: Any
    ) -> dict[str, Any]:
        """Sign in as a program would, the refresh token in the body."""
        given = {**credentials, "deliver": "BODY", **more}
        headers = {ADDRESS: address, "user-agent": "tests"}
        data = await self.data(SIGN_IN, {"input": given}, headers=headers)
        found: dict[str, Any] = data["signIn"]
        return found

    async def refresh(self, token: str | None) -> dict[str, Any]:
        """Exchange a refresh token from the body."""
        data = await self.data(REFRESH, {"input": {"refreshToken": token}})
        found: dict[str, Any] = data["refreshSession"]
        return found


def codes(payload: dict[str, Any]) -> list[str]:
    """Name what a payload says went wrong."""
    return [error["code"] for error in payload["userErrors"]]


def cookie_of(answer: httpx.Response) -> str:
    """Read the refresh token off a Set-Cookie header."""
    found = re.match(r"helpnest_refresh=([^;]*);", answer.headers["set-cookie"])
    assert found is not None
    return found.group(1)


class RouterProof(httpx.Auth):
    """Sign each request as the router does."""

    requires_request_body = True

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response]:
        """Add the proof."""
        token = request.headers.get("authorization", "").encode()
        name, proof = sign(SECRET.encode(), request.url.path, request.content, token)
        request.headers[name.decode()] = proof.decode()
        yield request


@asynccontextmanager
async def running_auth(url: str) -> AsyncGenerator[Desk]:
    """Run auth on its migrated database, without what it does by itself."""
    people, clock = People(), Clock()
    verifier = TokenVerifier("helpnest", "helpnest", clock=clock)
    async with httpx.AsyncClient(transport=httpx.MockTransport(people)) as elsewhere:
        service = create_app(
            ServiceSettings(
                domain="auth",
                database_url=url,
                execution=EXECUTION,
                router_secret=SECRET,
            ),
            surroundings=Surroundings(verifier, elsewhere),
            clock=clock,
        )
        transport = httpx.ASGITransport(service)
        async with (
            service.database,
            httpx.AsyncClient(
                transport=transport, base_url="http://auth", auth=RouterProof()
            ) as http,
        ):
            desk = Desk(service, http, people, clock, verifier)
            yield desk
            desk.authority.passwords.close()
