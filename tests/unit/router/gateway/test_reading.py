"""What a document's sender learns of the schema."""

import pytest

from tests.support.routers import running_router
from tests.support.tokens import bearer, verifier

YAML = "helpnest: {introspection: signed_in}"
QUIET = "The document does not fit the schema; sign in to read where."

INVALID = [
    "{ tiket { id } }",
    "{ tickets }",
    "{ tickets { tilte } }",
    "{ tickets(frist: 1) { id } }",
    "{ __schema { directive } }",
    "query($a: Tickt) { __typename }",
    "{ ... on Tiket { id } }",
    "{ __typename @a @a @a @a @a @a @a @a @a @a }",
]
ABOUT_THE_SCHEMA = [
    "{ __schema { types { name } } }",
    '{ __type(name: "Ticket") { name } __schema { description } }',
    "{ ...F } fragment F on Query { ... { __schema { description } } }",
]
ABOUT_A_TYPE = [
    '{ a: __type(name: "Ticket") { name fields { name } } }',
    'query($name: String! = "Ticket") { a: __type(name: $name) { name } }',
    '{ ...F } fragment F on Query { ... { a: __type(name: "Ticket") { kind } } }',
]
ABOUT_NOTHING = [
    "{ __typename }",
    '{ ticket(id: "__schema") { id } }',
    "{ tickets { __typename id } } # __type",
]


async def test_strangers_are_not_told_where_a_document_does_not_fit() -> None:
    async with running_router(YAML, verifier=verifier()) as client:
        for query in INVALID:
            (error,) = (await client.ask(query))["errors"]
            assert error["message"] == QUIET
            assert error["extensions"].pop("requestId")
            assert error.keys() == {"message", "extensions"}
            assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
            known = await client.ask(query, bearer())
            assert known["errors"][0]["message"] != QUIET


async def test_strangers_do_not_introspect() -> None:
    async with running_router(YAML, verifier=verifier()) as client:
        for query in ABOUT_THE_SCHEMA * 2:
            answer = await client.post({"query": query})
            assert answer.status_code == 401
            assert answer.json().keys() == {"errors"}
            assert "data" in await client.ask(query, bearer())
        for query in ABOUT_NOTHING * 2:
            assert "data" in await client.ask(query)


@pytest.mark.parametrize("query", ABOUT_A_TYPE)
async def test_to_strangers_no_type_is_there_and_that_is_no_error(query: str) -> None:
    async with running_router(YAML, verifier=verifier()) as client:
        for _ in range(2):
            assert await client.ask(query) == {"data": {"a": None}}
            assert (await client.ask(query, bearer()))["data"]["a"]


async def test_what_is_no_graphql_is_told_to_everybody() -> None:
    async with running_router(YAML + "\nlimits: {max_depth: 1}") as client:
        assert "Syntax Error" in (await client.ask("{"))["errors"][0]["message"]
        deep = (await client.ask("{ tickets { assignee { id } } }"))["errors"][0]
        assert deep["extensions"]["code"] == "MAX_DEPTH_LIMIT"


@pytest.mark.parametrize("query", [INVALID[0], ABOUT_THE_SCHEMA[0]])
async def test_by_default_the_schema_is_no_secret(query: str) -> None:
    async with running_router() as client:
        answer = await client.ask(query)
    assert QUIET not in str(answer)
