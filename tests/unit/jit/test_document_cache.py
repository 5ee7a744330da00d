"""Texts are parsed, weighed, validated and compiled once."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import graphql as g
import pytest

import jit
from jit.document_cache import MAX_TEXT

SCHEMA = g.build_schema("type Query { a: Int b: Int }")


def ok(cache: jit.DocumentCache, text: str, name: str | None = None) -> jit.Compiled:
    found = cache.get(text, name)
    assert isinstance(found, jit.Compiled)
    return found


def test_a_text_is_compiled_once() -> None:
    cache = jit.DocumentCache(SCHEMA)
    before = jit.counters.compiled
    first = ok(cache, "{ a }")
    assert first is ok(cache, "{ a }")
    assert jit.counters.compiled == before + 1
    assert first.execute({"a": 1}) == ({"a": 1}, None)


def test_operations_of_one_text_are_kept_apart() -> None:
    cache = jit.DocumentCache(SCHEMA)
    text = "query A { a } query B { b }"
    root = {"a": 1, "b": 2}
    assert ok(cache, text, "A").execute(root) == ({"a": 1}, None)
    assert ok(cache, text, "B").execute(root) == ({"b": 2}, None)


def test_the_least_recently_used_goes_first() -> None:
    cache = jit.DocumentCache(SCHEMA, max_size=2)
    first, second = ok(cache, "{ a }"), ok(cache, "{ b }")
    assert ok(cache, "{ a }") is first
    ok(cache, "{ a b }")
    assert len(cache) == 2
    assert ok(cache, "{ a }") is first
    assert ok(cache, "{ b }") is not second


def test_concurrent_first_requests_compile_once() -> None:
    looked: list[g.DocumentNode] = []

    def look(document: g.DocumentNode) -> list[g.GraphQLError]:
        looked.append(document)
        sleep(0.01)
        return []

    cache = jit.DocumentCache(SCHEMA, before_validation=look)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(cache.get, ["{ a }"] * 8))
    assert len(looked) == 1
    assert len(set(map(id, found))) == 1


def test_what_the_limits_refuse_is_never_validated_nor_kept() -> None:
    refusal = g.GraphQLError("Too deep.")
    cache = jit.DocumentCache(SCHEMA, before_validation=lambda _: [refusal])
    assert cache.get("{ nothing { like { that } } }") == [refusal]
    assert len(cache) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ("{ c }", "Cannot query field 'c' on type 'Query'. Did you mean 'a' or 'b'?"),
        (
            "query A { a } query B { b }",
            "Must provide operation name if query contains multiple operations.",
        ),
        (
            "{ a a a a a a a a a a a a }",
            "Syntax Error: Document contains more than 10 tokens. Parsing aborted.",
        ),
    ],
)
def test_a_document_at_fault_is_told_why(text: str, message: str) -> None:
    cache = jit.DocumentCache(SCHEMA, parse_options={"max_tokens": 10})
    found = cache.get(text)
    assert isinstance(found, list)
    assert [error.message for error in found] == [message]
    assert len(cache) == 0


def test_rules_of_a_caller_replace_the_standard_ones() -> None:
    cache = jit.DocumentCache(SCHEMA, rules=[])
    assert ok(cache, "{ a nope }").execute({"a": 1}) == ({"a": 1}, None)


def test_texts_too_long_to_keep_are_answered_all_the_same() -> None:
    cache = jit.DocumentCache(SCHEMA)
    text = "{ a }" + " " * MAX_TEXT
    assert ok(cache, text).execute({"a": 1}) == ({"a": 1}, None)
    assert len(cache) == 0
