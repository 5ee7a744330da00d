from typing import Any

import pytest
import strawberry
import structlog
from graphql import GraphQLError, GraphQLSchema, print_schema

from kit import graphql
from kit.errors import ForbiddenError, RateLimitedError
from kit.graphql import OURS, Context, Schema, by_client
from kit.identity import ANONYMOUS
from kit.logs import request_id


def test_a_schema_speaks_the_federation_version_that_all_speak() -> None:
    @strawberry.federation.type(keys=["id"])
    class Thing:
        id: strawberry.ID

    @strawberry.type
    class Query:
        thing: Thing

    printed = Schema(query=Query).as_str()
    assert 'url: "https://specs.apollo.dev/federation/v2.9"' in printed


def test_a_schema_knows_the_shared_scalars(schema: Schema) -> None:
    @strawberry.type
    class Query:
        x: int

    assert "scalar JSON" in print_schema(schema.core)
    assert "scalar JSON" not in print_schema(Schema(query=Query).core)


def test_only_what_is_named_is_public(schema: Schema) -> None:
    assert schema.public == frozenset({"signIn"})
    assert isinstance(schema.core, GraphQLSchema)


def test_two_requests_share_no_headers() -> None:
    nothing: Any = None
    one, other = (Context(ANONYMOUS, nothing, nothing) for _ in range(2))
    one.response_headers.append((b"a", b"b"))

    assert other.response_headers == []


def test_an_error_keeps_its_own_extensions() -> None:
    error = GraphQLError(
        "Slow down.", original_error=RateLimitedError("Slow down.", retry_after=2)
    )

    assert graphql.describe_error(error)["extensions"] == {
        "code": "RATE_LIMITED",
        "retryAfter": 2,
    }


def test_our_own_fault_is_told_by_the_requests_name() -> None:
    reset = request_id.set("req-9")
    try:
        with structlog.testing.capture_logs() as lines:
            told = graphql.describe_error(
                GraphQLError("no column", path=["a", 0], original_error=KeyError("pw"))
            )
    finally:
        request_id.reset(reset)

    assert told == {
        "message": OURS,
        "path": ["a", 0],
        "extensions": {"code": "INTERNAL", "requestId": "req-9"},
    }
    assert [(line["log_level"], line["path"]) for line in lines] == [
        ("error", ["a", 0])
    ]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (GraphQLError("syntax"), True),
        (GraphQLError("x", original_error=ForbiddenError("x")), True),
        (GraphQLError("variable", original_error=GraphQLError("not an Int")), True),
        (GraphQLError("x", path=["a"], original_error=GraphQLError("a value")), False),
        (GraphQLError("x", path=["a"], original_error=ValueError("x")), False),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_client_is_told_what_it_caused_alone(
    error: GraphQLError, told: bool
) -> None:
    assert by_client(error) is told
