import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from kit.app import Service, Surroundings, create_service
from kit.database import Database
from kit.graphql import Context, Schema
from kit.proof import HEADER, sign
from kit.settings import ServiceSettings
from tests.support.tokens import bearer, verifier

SECRET = "a secret that only router and subgraph know"
BODY = b'{"query": "{ who }"}'


class FakeDatabase(Database):
    """A database that needs no server: it is open, or it is not."""

    def __init__(self) -> None:
        super().__init__("postgresql://nobody@nowhere/nothing")
        self.opened = 0
        self.answers = True

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.opened -= 1

    async def rows(self, query: Any, **values: object) -> Any:
        del query, values
        if not self.answers:
            raise ConnectionRefusedError
        return [[1]]


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


def service_of(schema: Schema, database: FakeDatabase, **more: Any) -> Service:
    settings = ServiceSettings(
        domain="things", database_url="postgresql://x/y", **more.pop("settings", {})
    )
    elsewhere = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: _fail()))
    around = Surroundings(verifier(), elsewhere, poll=False)
    return create_service(
        schema, settings, Context, surroundings=around, database=database, **more
    )


def _fail() -> httpx.Response:
    raise AssertionError("Nothing is asked of anybody.")


def client(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(service), base_url="http://things"
    )


async def test_graphql_and_the_rest_answer_side_by_side(
    schema: Schema, database: FakeDatabase
) -> None:
    routes = APIRouter()

    @routes.get("/things/keys")
    async def keys() -> list[int]:
        return [1]

    async with client(service_of(schema, database, routes=routes)) as http:
        asked = await http.post(
            "/graphql", json={"query": "{ who }"}, headers=bearer("usr_3")
        )

        assert asked.json() == {"data": {"who": "usr_3"}}
        assert (await http.get("/things/keys")).json() == [1]
        for path in ("/", "/graphql/", "/docs", "/openapi.json", "/redoc"):
            assert (await http.get(path)).status_code in {404, 307}


async def test_alive_is_not_the_same_as_ready(
    schema: Schema, database: FakeDatabase
) -> None:
    async with client(service_of(schema, database)) as http:
        assert (await http.get("/health")).json() == {"status": "UP"}
        database.answers = False
        down = await http.get("/health")
        live = await http.get("/health?live")

    assert down.status_code == 503
    assert down.json() == {
        "status": "DOWN",
        "reason": "the database does not answer",
    }
    assert (live.status_code, live.json()) == (200, {"status": "UP"})


class Lifespan:
    """The lifespan of a service, step by step."""

    def __init__(self, service: Service) -> None:
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.task = asyncio.create_task(
            service({"type": "lifespan"}, self.told.get, self.send)
        )

    async def send(self, message: Any) -> None:
        await self.said.put(message["type"])

    async def tell(self, event: str) -> str:
        """Begin or end it; what does the service say?"""
        await self.told.put({"type": f"lifespan.{event}"})
        return await asyncio.wait_for(self.said.get(), 5)


async def test_everything_is_open_while_it_runs_and_closed_after(
    schema: Schema, database: FakeDatabase
) -> None:
    steps: list[str] = []

    @asynccontextmanager
    async def background() -> AsyncGenerator[None]:
        steps.append(f"begun, database {database.opened}")
        yield
        steps.append(f"ended, database {database.opened}")

    service = service_of(schema, database, background=background)
    assert database.opened == 0
    running = Lifespan(service)
    assert await running.tell("startup") == "lifespan.startup.complete"
    assert database.opened == 1
    assert await running.tell("shutdown") == "lifespan.shutdown.complete"
    await running.task

    assert steps == ["begun, database 1", "ended, database 1"]
    assert database.opened == 0


async def test_a_background_that_cannot_begin_stops_the_start(
    schema: Schema, database: FakeDatabase
) -> None:
    @asynccontextmanager
    async def background() -> AsyncGenerator[None]:
        raise RuntimeError("no")
        yield

    running = Lifespan(service_of(schema, database, background=background))

    assert await running.tell("startup") == "lifespan.startup.failed"
    with pytest.raises(RuntimeError):
        await running.task
    assert database.opened == 0


async def test_a_service_of_its_own_polls_auth(
    schema: Schema, database: FakeDatabase
) -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(503)

    http = httpx.AsyncClient(transport=httpx.MockTransport(note))
    service = create_service(
        schema,
        ServiceSettings(domain="things", database_url="postgresql://x/y"),
        Context,
        surroundings=Surroundings(verifier(), http),
        database=database,
    )
    running = Lifespan(service)
    await running.tell("startup")
    await asyncio.sleep(0.05)
    await running.tell("shutdown")
    await running.task

    assert set(asked) == {"/auth/.well-known/jwks.json", "/auth/revocations"}


def test_alone_a_service_makes_its_own_surroundings() -> None:
    settings = ServiceSettings(
        domain="things", database_url="x", issuer="them", audience="us"
    )
    around = Surroundings.of(settings)

    assert (around.verifier.issuer, around.verifier.audience) == ("them", "us")
    assert around.poll


async def test_alone_a_service_closes_its_own_client(
    schema: Schema, database: FakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Surroundings] = []

    def of(settings: ServiceSettings) -> Surroundings:
        http = httpx.AsyncClient()
        around = Surroundings(verifier(), http, poll=False, alone=True)
        assert settings.domain == "things"
        made.append(around)
        return around

    monkeypatch.setattr(Surroundings, "of", of)
    service = create_service(
        schema,
        ServiceSettings(domain="things", database_url="postgresql://x/y"),
        Context,
        database=database,
    )
    running = Lifespan(service)
    await running.tell("startup")
    assert not made[0].http.is_closed
    await running.tell("shutdown")
    await running.task

    assert made[0].http.is_closed


async def test_with_a_secret_only_the_router_is_answered(
    schema: Schema, database: FakeDatabase
) -> None:
    service = service_of(schema, database, settings={"router_secret": SECRET})
    headers = {**bearer("usr_3"), "content-type": "application/json"}
    token = headers["authorization"].encode()
    name, proof = sign(SECRET.encode(), "/graphql", BODY, token)
    async with client(service) as http:
        directly = await http.post("/graphql", content=BODY, headers=headers)
        headers[name.decode()] = proof.decode()
        by_router = await http.post("/graphql", content=BODY, headers=headers)

    assert name == HEADER
    assert directly.status_code == 403
    assert by_router.json() == {"data": {"who": "usr_3"}}


async def test_introspection_is_switched_off_by_its_setting(
    schema: Schema, database: FakeDatabase
) -> None:
    closed = service_of(schema, database, settings={"introspection": False})
    query = {"query": "{ __schema { queryType { name } } }"}
    async with client(closed) as http:
        refused = await http.post("/graphql", json=query, headers=bearer())
    async with client(service_of(schema, database)) as http:
        answered = await http.post("/graphql", json=query, headers=bearer())

    assert refused.status_code == 400
    assert answered.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
