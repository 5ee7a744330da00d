import asyncio
from collections.abc import Callable
from typing import Any, cast

import orjson
import pytest
import structlog

from kit import patience
from kit.database import Database
from kit.endpoint import (
    MAX_BODY_BYTES,
    GraphQLEndpoint,
    name_request,
)
from kit.engine import engine_for
from kit.graphql import Context, Schema
from kit.logs import request_id
from kit.proof import ProofVerifier, sign
from kit.public_graph import PublicGraph
from tests.support.execution import EXECUTION
from tests.support.tokens import bearer, verifier

Message = dict[str, Any]
SECRET = b"a secret that only router and subgraph know"
JSON_TYPE = (b"content-type", b"application/json")
TOKEN = (b"authorization", bearer("usr_7")["authorization"].encode())


class Exchange:
    """One ASGI call: what the client sends, and what it gets."""

    def __init__(self, *messages: Message, stays: bool = True) -> None:
        self.messages = list(messages)
        self.stays = stays
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self.messages:
            return self.messages.pop(0)
        if self.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> Any:
        return orjson.loads(self.sent[1]["body"])

    @property
    def code(self) -> str:
        code: str = self.body["errors"][0]["extensions"]["code"]
        return code


def asking(query: object, **more: object) -> Message:
    return {"type": "http.request", "body": orjson.dumps({"query": query, **more})}


@pytest.fixture
def endpoint(schema: Schema) -> GraphQLEndpoint:
    nowhere: Any = None
    return GraphQLEndpoint(
        engine=engine_for(schema, EXECUTION),
        database=cast("Database", nowhere),
        verifier=verifier(),
        graph=PublicGraph(nowhere, "http://nowhere"),
        make_context=Context,
    )


async def call(
    endpoint: GraphQLEndpoint,
    *messages: Message,
    headers: list[tuple[bytes, bytes]] | None = None,
    method: str = "POST",
    stays: bool = True,
) -> Exchange:
    exchange = Exchange(*messages, stays=stays)
    scope: Message = {
        "type": "http",
        "method": method,
        "path": "/graphql",
        "headers": [JSON_TYPE, TOKEN] if headers is None else headers,
    }
    await endpoint(scope, exchange.receive, exchange.send)
    return exchange


async def test_a_request_is_answered_as_its_caller(endpoint: GraphQLEndpoint) -> None:
    got = await call(endpoint, asking("{ who }"))

    assert (got.status, got.body) == (200, {"data": {"who": "usr_7"}})
    assert got.headers == {
        b"content-type": b"application/json; charset=utf-8",
        b"content-length": b"24",
    }


async def test_a_body_may_come_in_pieces(endpoint: GraphQLEndpoint) -> None:
    whole = asking("query($n: String!) { hello(name: $n) }", variables={"n": "é"})
    pieces = [
        {"type": "http.request", "body": bytes([byte]), "more_body": True}
        for byte in whole["body"]
    ]

    got = await call(endpoint, *pieces, {"type": "http.request"})

    assert got.body == {"data": {"hello": "hello é"}}


async def test_resolvers_read_headers_and_send_some(endpoint: GraphQLEndpoint) -> None:
    got = await call(
        endpoint,
        asking('{ header(name: "x-question") }'),
        headers=[JSON_TYPE, TOKEN, (b"x-question", b"why")],
    )

    assert got.body == {"data": {"header": "why"}}
    assert got.headers[b"x-answer"] == b"yes"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_any_method_but_post_is_told_what_is_allowed(
    endpoint: GraphQLEndpoint, method: str
) -> None:
    got = await call(endpoint, {"type": "http.request"}, method=method)

    assert (got.status, got.headers[b"allow"]) == (405, b"POST")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"text/plain")],
        [(b"content-type", b"\xff\xfe")],
        [JSON_TYPE, (b"content-encoding", b"gzip")],
    ],
    ids=repr,
)
async def test_a_body_of_another_kind_is_refused(
    endpoint: GraphQLEndpoint, headers: list[tuple[bytes, bytes]]
) -> None:
    got = await call(endpoint, asking("{ who }"), headers=[*headers, TOKEN])

    assert got.status == 415
    assert got.code == "BAD_REQUEST"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff",
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"query": null}',
        b"{}",
        b'{"query": "{who}", "variables": []}',
        b'{"query": "{who}", "operationName": 5}',
        b"[" * 5000,
        b"9" * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
async def test_a_bad_body_is_refused_by_400(
    endpoint: GraphQLEndpoint, body: bytes
) -> None:
    got = await call(endpoint, {"type": "http.request", "body": body})

    assert (got.status, got.code) == (400, "BAD_REQUEST")
    assert "data" not in got.body


async def test_a_body_too_large_is_refused_unread(endpoint: GraphQLEndpoint) -> None:
    length = (b"content-length", str(MAX_BODY_BYTES + 1).encode())
    got = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, TOKEN, length])

    assert got.status == 413
    assert got.headers[b"connection"] == b"close"


async def test_a_body_that_grows_too_large_is_refused_on_the_way(
    endpoint: GraphQLEndpoint,
) -> None:
    megabyte: Message = {
        "type": "http.request",
        "body": b" " * 1_000_000,
        "more_body": True,
    }
    exchange = [dict(megabyte) for _ in range(50)]
    got = await call(endpoint, *exchange)

    assert got.status == 413


async def test_a_body_that_does_not_come_to_its_end_is_given_up(
    endpoint: GraphQLEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.05)
    half: Message = {"type": "http.request", "body": b'{"q', "more_body": True}

    got = await call(endpoint, half)

    assert got.status == 408
    assert got.headers[b"connection"] == b"close"


async def test_a_client_that_leaves_before_the_end_gets_no_answer(
    endpoint: GraphQLEndpoint,
) -> None:
    half: Message = {"type": "http.request", "body": b'{"q', "more_body": True}

    got = await call(endpoint, half, stays=False)

    assert got.sent == []


async def test_a_client_that_leaves_takes_its_work_with_it(
    endpoint: GraphQLEndpoint,
) -> None:
    work = call(endpoint, asking("mutation { wait }"), stays=False)

    got = await asyncio.wait_for(work, timeout=5)

    assert got.sent == []


async def test_somebody_without_a_token_learns_nothing(
    endpoint: GraphQLEndpoint,
) -> None:
    for query in ("{ who }", "{ nope }", "{ __schema { types { name } } }"):
        got = await call(endpoint, asking(query), headers=[JSON_TYPE])

        assert (got.status, got.code) == (401, "UNAUTHENTICATED")
        assert got.headers[b"www-authenticate"] == b"Bearer"
        assert len(got.body["errors"]) == 1


async def test_somebody_without_a_token_may_sign_in(endpoint: GraphQLEndpoint) -> None:
    query = 'mutation { signIn(name: "Ada") }'
    got = await call(endpoint, asking(query), headers=[JSON_TYPE])

    assert got.body == {"data": {"signIn": "welcome Ada"}}


@pytest.mark.parametrize(
    "value", [b"", b"Bearer", b"Bearer x", b"Basic eDp5", b"Bearer  x", b"\xff\xff"]
)
async def test_a_header_that_proves_nothing_is_refused_even_for_what_is_public(
    endpoint: GraphQLEndpoint, value: bytes
) -> None:
    query = 'mutation { signIn(name: "Ada") }'
    header = (b"authorization", value)
    got = await call(endpoint, asking(query), headers=[JSON_TYPE, header])

    if value:
        assert (got.status, got.code) == (401, "UNAUTHENTICATED")
    else:
        assert got.status == 200


async def test_two_authorization_headers_are_one_too_many(
    endpoint: GraphQLEndpoint,
) -> None:
    got = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, TOKEN, TOKEN])

    assert (got.status, got.code) == (400, "BAD_REQUEST")


async def test_other_headers_may_come_twice(endpoint: GraphQLEndpoint) -> None:
    twice = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    got = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, TOKEN, *twice])

    assert got.status == 200


async def test_what_breaks_on_our_side_is_told_by_the_requests_name_alone(
    endpoint: GraphQLEndpoint,
) -> None:
    def fail(*_: object) -> Context:
        raise RuntimeError("postgresql://ada:hunter2@db")

    endpoint.make_context = fail
    headers = [JSON_TYPE, TOKEN, (b"x-request-id", b"req-5")]
    with structlog.testing.capture_logs() as lines:
        got = await call(endpoint, asking("{ who }"), headers=headers)

    assert (got.status, got.code) == (500, "INTERNAL")
    assert got.body["errors"][0]["extensions"]["requestId"] == "req-5"
    assert "hunter2" not in str(got.body)
    assert [line["event"] for line in lines] == ["graphql.unexpected"]


async def test_a_request_has_its_callers_name_while_it_is_served(
    endpoint: GraphQLEndpoint,
) -> None:
    names: list[str | None] = []

    def note(*given: Any) -> Context:
        names.append(request_id.get())
        return Context(*given)

    endpoint.make_context = note
    headers = [JSON_TYPE, TOKEN, (b"x-request-id", b"req-5")]
    await call(endpoint, asking("{ who }"), headers=headers)
    await call(endpoint, asking("{ who }"))

    assert names[0] == "req-5"
    assert names[1] is not None
    assert len(names[1]) == 24
    assert request_id.get() is None


@pytest.mark.parametrize(
    "given", [b"", b"a b", b"a\nb", b"x" * 65, b"\xff", b'"', b"a\x00", "é".encode()]
)
def test_a_name_that_could_forge_a_log_line_is_not_taken(given: bytes) -> None:
    assert name_request(given) != given.decode("latin-1")
    assert name_request(given) != name_request(given)


class TestProof:
    """With a secret, only the router may ask."""

    @pytest.fixture
    def closed(self, endpoint: GraphQLEndpoint) -> GraphQLEndpoint:
        endpoint.proof = ProofVerifier(SECRET)
        return endpoint

    async def test_a_stolen_token_is_worth_nothing_here(
        self, closed: GraphQLEndpoint
    ) -> None:
        got = await call(closed, asking("{ who }"))

        assert (got.status, got.code) == (403, "FORBIDDEN")

    async def test_the_routers_request_is_answered_once(
        self, closed: GraphQLEndpoint
    ) -> None:
        message = asking("{ who }")
        proof = sign(SECRET, "/graphql", message["body"], TOKEN[1])
        headers = [JSON_TYPE, TOKEN, proof]

        first = await call(closed, dict(message), headers=headers)
        again = await call(closed, dict(message), headers=headers)

        assert first.body == {"data": {"who": "usr_7"}}
        assert again.status == 403

    async def test_the_routers_own_word_is_taken_with_its_proof_alone(
        self, endpoint: GraphQLEndpoint
    ) -> None:
        message = asking('{ header(name: "x-helpnest-client-address") }')
        proof = sign(SECRET, "/graphql", message["body"], TOKEN[1])
        said = (b"x-helpnest-client-address", b"192.0.2.1")
        headers = [JSON_TYPE, TOKEN, proof, said]

        open_to_all = await call(endpoint, dict(message), headers=headers)
        endpoint.proof = ProofVerifier(SECRET)
        proven = await call(endpoint, dict(message), headers=headers)

        assert open_to_all.body == {"data": {"header": ""}}
        assert proven.body == {"data": {"header": "192.0.2.1"}}

    async def test_a_proof_does_not_stand_for_a_token(
        self, closed: GraphQLEndpoint
    ) -> None:
        message = asking("{ who }")
        proof = sign(SECRET, "/graphql", message["body"])

        got = await call(closed, message, headers=[JSON_TYPE, proof])

        assert got.status == 401

    async def test_a_proof_is_for_the_token_that_came_with_it(
        self, closed: GraphQLEndpoint
    ) -> None:
        message = asking("{ who }")
        proof = sign(SECRET, "/graphql", message["body"], b"Bearer another")

        got = await call(closed, message, headers=[JSON_TYPE, TOKEN, proof])

        assert got.status == 403


async def test_identity_headers_from_outside_mean_nothing(
    endpoint: GraphQLEndpoint,
) -> None:
    forged = [
        (b"x-helpnest-user", b"usr_admin"),
        (b"x-helpnest-scopes", b"users:manage"),
        (b"x-helpnest-proof", b"v1 1 2 3"),
    ]
    got = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, TOKEN, *forged])
    stranger = await call(endpoint, asking("{ who }"), headers=[JSON_TYPE, *forged])

    assert got.body == {"data": {"who": "usr_7"}}
    assert stranger.status == 401


async def test_a_request_is_logged_where_that_is_wanted(
    endpoint: GraphQLEndpoint,
) -> None:
    with structlog.testing.capture_logs() as silent:
        await call(endpoint, asking("{ who }"))
    endpoint.log_requests = True
    with structlog.testing.capture_logs() as lines:
        await call(endpoint, asking("{ who }"))
        await call(endpoint, asking("{ nope }"))

    assert silent == []
    assert [(line["event"], line["status"]) for line in lines] == [
        ("graphql.request", 200),
        ("graphql.request", 400),
    ]
    assert lines[0]["bytes"] == 24
    assert "who" not in str(lines)


async def test_a_thousand_clients_that_leave_leave_nothing_behind(
    endpoint: GraphQLEndpoint,
) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: call(endpoint, asking("mutation { wait }"), stays=False)
        for _ in range(1000)
    ]
    await asyncio.wait_for(asyncio.gather(*(each() for each in calls)), timeout=20)
    await asyncio.sleep(0)

    assert asyncio.all_tasks() == {asyncio.current_task()}
