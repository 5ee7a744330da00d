"""GraphQL over HTTP: what is taken, what is refused, and with which status."""

import asyncio
from typing import Any

import orjson
import pytest

from tests.support.routers import running_router
from tests.support.tokens import bearer, sign, verifier

Json = dict[str, Any]

TITLES = "{ tickets { title } }"
GRAPHQL = "application/graphql-response+json; charset=utf-8"
JSON = "application/json; charset=utf-8"


async def test_an_operation_is_answered() -> None:
    async with running_router() as client:
        answer = await client.post({"query": TITLES})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == JSON
    assert answer.content == (
        b'{"data":{"tickets":[{"title":"Printer"},{"title":"Screen"}]}}'
    )


@pytest.mark.parametrize(
    ("accept", "status", "media"),
    [
        ("application/json", 200, JSON),
        ("application/graphql-response+json", 200, GRAPHQL),
        ("*/*", 200, JSON),
        ("application/json, application/graphql-response+json;q=0.5", 200, JSON),
        ("text/html, application/*;q=0.1", 200, JSON),
        ("text/html, application/graphql-response+json;q=0.1", 200, GRAPHQL),
        ("text/html", 406, JSON),
        ("application/json;q=0", 406, JSON),
        ("application/json;charset=latin-1", 406, JSON),
    ],
)
async def test_the_media_type_is_what_the_client_likes_best(
    accept: str, status: int, media: str
) -> None:
    async with running_router() as client:
        answer = await client.post({"query": TITLES}, {"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, media)


DOCUMENT_FAULTS: list[tuple[Json, str]] = [
    ({"query": "{ tickets"}, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "{ tickets { title(x: 1) } }"}, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": "query($id: ID!) { ticket(id: $id) { id } }"}, "BAD_USER_INPUT"),
    (
        {
            "query": "query($n: Int) { tickets(first: $n) { id } }",
            "variables": {"n": "many"},
        },
        "BAD_USER_INPUT",
    ),
    ({"query": TITLES, "operationName": "Other"}, "GRAPHQL_VALIDATION_FAILED"),
    (
        {"query": "query A { tickets { id } } query B { tickets { id } }"},
        "GRAPHQL_VALIDATION_FAILED",
    ),
    ({"query": "{ tickets { id title: id title } }"}, "GRAPHQL_VALIDATION_FAILED"),
]


@pytest.mark.parametrize(("body", "code"), DOCUMENT_FAULTS)
async def test_a_faulty_document_is_refused_and_nothing_is_asked(
    body: Json, code: str
) -> None:
    async with running_router() as client:
        answer = await client.post(body)
        plain = await client.post(body, {"accept": "application/json"})
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert (answer.status_code, plain.status_code) == (400, 200)
    for found in (answer.json(), plain.json()):
        assert found.keys() == {"errors"}
        assert found["errors"][0]["extensions"]["code"] == code
    assert asked == [[], []]


async def test_a_request_keeps_its_name_all_the_way() -> None:
    async with running_router() as client:
        answer = await client.post({"query": TITLES}, {"x-request-id": "abc-1"})
        await client.post({"query": TITLES}, {"x-request-id": "a b\x7f"})
        names = [each["x-request-id"] for each in client.subgraphs["tickets"].headers]
    assert answer.headers["x-request-id"] == names[0] == "abc-1"
    assert names[1] not in {"a b\x7f", ""}


async def test_only_the_callers_token_goes_on_to_subgraphs() -> None:
    async with running_router(verifier=verifier()) as client:
        headers = {**bearer(), "cookie": "a=b", "x-user": "admin"}
        await client.post({"query": TITLES}, headers)
        (sent,) = client.subgraphs["tickets"].headers
    assert sent["authorization"] == headers["authorization"]
    assert sent.keys().isdisjoint({"cookie", "x-user"})


COOKIES = """
headers: {subgraphs: {users: {request: [{propagate: {named: cookie}}],
                              response: [{propagate: {named: set-cookie}}]}}}
"""


async def test_cookies_of_a_named_subgraph_pass_and_are_not_joined() -> None:
    async with running_router(COOKIES, verifier=verifier()) as client:
        for fake in client.subgraphs.values():
            fake.sends = [(b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2")]
        headers = {**bearer(), "cookie": "s=1"}
        answer = await client.post({"query": "{ viewer { name } }"}, headers)
        other = await client.post({"query": TITLES}, headers)
        assert client.subgraphs["users"].headers[0]["cookie"] == "s=1"
        assert "cookie" not in client.subgraphs["tickets"].headers[0]
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "set-cookie" not in other.headers


@pytest.mark.parametrize(
    "token",
    [
        "Bearer nonsense",
        "Basic abc",
        "Bearer",
        "Bearer a b",
        f"Bearer {sign(lifetime=-3600)}",
    ],
)
async def test_a_token_that_proves_nothing_ends_the_request(token: str) -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await client.post({"query": TITLES}, {"authorization": token})
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert (answer.status_code, asked) == (401, [[], []])
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_two_tokens_are_one_too_many() -> None:
    async with running_router(verifier=verifier()) as client:
        headers = [
            ("authorization", bearer()["authorization"]),
            ("authorization", bearer()["authorization"]),
            ("content-type", "application/json"),
        ]
        body = orjson.dumps({"query": TITLES})
        answer = await client.http.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 400


async def test_settings_can_demand_a_token_of_everyone() -> None:
    yaml = "authorization: {require_authentication: true}"
    async with running_router(yaml, verifier=verifier()) as client:
        nobody = await client.post({"query": TITLES})
        somebody = await client.post({"query": TITLES}, bearer())
    assert (nobody.status_code, somebody.status_code) == (401, 200)


CORS = "cors: {origins: [https://desk.example], allow_credentials: true}"


async def test_pages_of_named_origins_may_read_answers() -> None:
    async with running_router(CORS) as client:
        known = await client.post({"query": TITLES}, {"origin": "https://desk.example"})
        other = await client.post({"query": TITLES}, {"origin": "https://evil.example"})
        asked = await client.http.options(
            "/graphql",
            headers={
                "origin": "https://desk.example",
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            },
        )
    allowed = "access-control-allow-origin"
    assert known.headers[allowed] == "https://desk.example"
    assert known.headers["access-control-allow-credentials"] == "true"
    assert allowed not in other.headers
    assert (asked.status_code, asked.headers[allowed]) == (204, "https://desk.example")
    assert asked.headers["access-control-allow-headers"] == "content-type"


async def test_a_failure_of_ours_tells_the_client_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running_router() as client:

        def fail(*_: object) -> None:
            raise RuntimeError("the password is hunter2")

        monkeypatch.setattr(client.app.gateway.documents, "read", fail)
        answer = await client.post({"query": TITLES})
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "hunter2" not in answer.text


async def test_work_ends_when_the_client_goes_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running_router() as client:
        started, ended = asyncio.Event(), asyncio.Event()

        async def hang(*_: Any) -> None:
            started.set()
            try:
                await asyncio.sleep(30)
            finally:
                ended.set()

        tickets = client.app.gateway.subgraphs["tickets"].transport
        monkeypatch.setattr(tickets, "_app", hang)
        body = orjson.dumps({"query": TITLES})
        messages = [{"type": "http.request", "body": body}]

        async def receive() -> Any:
            if messages:
                return messages.pop()
            await started.wait()
            return {"type": "http.disconnect"}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "headers": headers,
        }
        await client.app(scope, receive, send)
        await asyncio.wait_for(ended.wait(), 1)
        assert sent == []
