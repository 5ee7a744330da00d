from typing import Any

import pytest
import structlog

from kit.asked import name_request
from kit.endpoint import GraphQLEndpoint
from kit.graphql import Context
from kit.logs import request_id
from kit.proof import ProofVerifier, sign
from tests.support.asgi import JSON_TYPE, TOKEN, asking, call

SECRET = b"a secret that only router and subgraph know"


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

    assert (got.status, got.code) == (401, "UNAUTHENTICATED")


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
