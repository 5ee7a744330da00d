"""Nobody reads or writes without a token that proves who they are."""

import importlib
import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from graphql import build_schema

from helpnest.supergraph import API, domains
from kit.graphql import Schema
from tests.support.documents import root_fields
from tests.support.stack import Graph
from tests.support.tokens import bearer, claims_of, sign_claims


def schema_of(domain: str) -> Schema:
    module: Any = importlib.import_module(f"subgraphs.{domain}.schema")
    found: Schema = module.schema
    return found


async def ask(
    graph: Graph, domain: str, document: str, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    transport = httpx.ASGITransport(graph.stack.services[domain])
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return await client.post(
            "/graphql", json={"query": document}, headers=dict(headers or {})
        )


def codes(answer: httpx.Response) -> set[str]:
    return {error["extensions"]["code"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("domain", domains())
async def test_every_root_field_of_a_subgraph_refuses_who_has_no_token(
    graph: Graph, domain: str
) -> None:
    schema = schema_of(domain)
    names = {name for _, name, _ in root_fields(schema.core)}
    assert schema.public <= names
    database = graph.stack.services[domain].database
    statements: list[str] = []
    database.observe = statements.append
    for word, name, selection in root_fields(schema.core):
        if name in schema.public:
            continue
        for document in (
            f"{word} {{ {selection} }}",
            f"{word} {{ ... {{ {selection} }} }}",
            f"{word} {{ ...F }} fragment F on {word.title()} {{ {selection} }}",
            f"{word} {{ __typename again: {selection} }}",
        ):
            answer = await ask(graph, domain, document)
            assert answer.status_code == 401, document
            assert codes(answer) == {"UNAUTHENTICATED"}
            assert not answer.json().get("data")
    database.observe = None
    assert statements == []


def forged() -> dict[str, dict[str, str]]:
    """Authorization headers that prove nothing, by what is wrong with them."""
    good = claims_of("usr_1", scopes=["users:read"])
    now = int(time.time())
    stranger = ec.generate_private_key(ec.SECP256R1())
    tokens = {
        "expired": sign_claims({**good, "iat": now - 900, "exp": now - 60}),
        "another key": sign_claims(good, key=stranger),
        "an unknown key id": sign_claims(good, headers={"kid": "other"}),
        "another issuer": sign_claims({**good, "iss": "elsewhere"}),
        "another audience": sign_claims({**good, "aud": "elsewhere"}),
        "not an access token": sign_claims(good, headers={"typ": "JWT"}),
        "no token": "x",
    }
    return {why: {"authorization": f"Bearer {token}"} for why, token in tokens.items()}


@pytest.mark.parametrize("domain", domains())
async def test_a_token_that_proves_nothing_is_refused(
    graph: Graph, domain: str
) -> None:
    for why, headers in forged().items():
        answer = await ask(graph, domain, "{ __typename }", headers)
        assert answer.status_code == 401, why
        assert codes(answer) == {"UNAUTHENTICATED"}, why
    answer = await ask(graph, domain, "{ __typename }", bearer())
    assert answer.status_code == 200


async def test_the_router_refuses_them_before_it_asks_anybody(graph: Graph) -> None:
    public = {name for domain in domains() for name in schema_of(domain).public}
    with graph.counted():
        for word, name, selection in root_fields(build_schema(API.read_text())):
            if name in public:
                continue
            answer = await graph.post(f"{word} {{ {selection} }}")
            assert codes(answer) <= {"UNAUTHENTICATED", "UNAUTHORIZED_FIELD_OR_TYPE"}
            assert not any((answer.json().get("data") or {}).values()), name
        for why, headers in forged().items():
            answer = await graph.post("{ viewer { id } }", headers=headers)
            assert answer.status_code == 401, why
    assert set(graph.requests.values()) == {0}
    assert [each for sent in graph.statements.values() for each in sent] == []


@pytest.mark.parametrize("domain", domains())
async def test_a_token_without_permissions_breaks_nothing(
    graph: Graph, domain: str
) -> None:
    schema = schema_of(domain)
    for word, name, selection in root_fields(schema.core):
        if name in schema.public:
            continue
        answer = await ask(graph, domain, f"{word} {{ {selection} }}", bearer())
        assert answer.status_code == 200, name
        found = answer.json()
        kinds = {error["extensions"]["code"] for error in found.get("errors", [])}
        assert kinds <= {"FORBIDDEN", "BAD_USER_INPUT", "SUBGRAPH_UNAVAILABLE"}, name
