import time
from typing import Any

import pytest
import structlog
from graphql import GraphQLError

from kit import engine as engine_module
from kit.engine import (
    LONGEST_REMEMBERED,
    REMEMBERED,
    Answer,
    Engine,
    Prepared,
    Refused,
    engine_for,
    prepare_compiled,
    prepare_standard,
)
from kit.graphql import Schema
from kit.limits import Limits
from tests.support.engines import Ask, answer, body, codes


def test_a_document_is_prepared_once(schema: Schema) -> None:
    prepared: list[str | None] = []

    def prepare(core: Any, document: Any, name: str | None) -> Any:
        prepared.append(name)
        return prepare_standard(core, document, name)

    engine = Engine(schema, prepare)
    text = "query A { hello } query B { who }"

    assert engine.prepare(text, "A") is engine.prepare(text, "A")
    assert engine.prepare(text, "B") is not engine.prepare(text, "A")
    assert prepared == ["A", "B"]


def test_the_least_recently_used_document_goes_first(
    schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "REMEMBERED", 2)
    engine = engine_for(schema, "standard")
    first = engine.prepare("{ hello }", None)
    second = engine.prepare("{ who }", None)
    engine.prepare("{ hello }", None)
    engine.prepare("{ __typename }", None)

    assert len(engine) == 2 < REMEMBERED
    assert engine.prepare("{ hello }", None) is first
    assert engine.prepare("{ who }", None) is not second


def test_refusals_and_very_long_documents_take_no_place(engine: Engine) -> None:
    engine.prepare("{ nope }", None)
    engine.prepare("{", None)
    long = engine.prepare("{ hello }" + " " * LONGEST_REMEMBERED, None)

    assert isinstance(long, Prepared)
    assert len(engine) == 0


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ('mutation { signIn(name: "x") }', True),
        ('mutation { a: signIn(name: "x") __typename }', True),
        ("{ __typename }", True),
        ('mutation { signIn(name: "x") wait }', False),
        ("{ hello }", False),
        ("{ signIn: hello }", False),
        ("{ nope }", False),
        ("{ hello(nope: 1) }", False),
        ("{ __schema { queryType { name } } }", False),
        ("{ _service { sdl } }", False),
        ('mutation { ...F } fragment F on Mutation { signIn(name: "x") }', False),
        ("{", True),  # tells nothing of the schema
    ],
)
def test_a_stranger_learns_only_what_is_public(
    engine: Engine, text: str, public: bool
) -> None:
    assert engine.prepare(text, None).public is public


async def test_no_refusal_suggests_a_name(engine: Engine, context: Ask) -> None:
    found = await answer(engine, context(), "{ hella thing { nam } }")

    assert len(body(found)["errors"]) == 2
    assert b"ello" not in found.body
    assert b"mean" not in found.body


async def test_a_hopeless_document_gets_a_bounded_answer(
    engine: Engine, context: Ask
) -> None:
    text = "{ thing {" + "".join(f" n{n}" for n in range(5000)) + "} }"

    assert len(body(await answer(engine, context(), text))["errors"]) <= 21


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Query") { name } }',
        "{ _service { sdl } }",
        "{ ...F } fragment F on Query { _service { sdl } }",
    ],
)
async def test_introspection_can_be_switched_off(
    schema: Schema, context: Ask, text: str
) -> None:
    closed = engine_for(schema, "compiled", introspection=False)
    found = await answer(closed, context(), text)

    assert found.status == 400
    assert set(codes(found)) == {"GRAPHQL_VALIDATION_FAILED"}
    assert (await answer(closed, context(), "{ hello __typename }")).status == 200


async def test_an_introspection_query_that_nests_on_and_on_is_refused(
    engine: Engine, context: Ask
) -> None:
    text = (
        "{ __schema { types {"
        + " fields { type {" * 4
        + " name"
        + " } }" * 4
        + " } } }"
    )

    assert codes(await answer(engine, context(), text)) == ["GRAPHQL_VALIDATION_FAILED"]


async def test_limits_are_the_engines_own(schema: Schema, context: Ask) -> None:
    narrow = Engine(schema, prepare_compiled, limits=Limits(depth=1))

    assert codes(await answer(narrow, context(), "{ thing { name } }")) == [
        "MAX_DEPTH_LIMIT"
    ]


async def test_a_document_the_compiler_fails_on_is_answered_all_the_same(
    schema: Schema, context: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a bug in the compiler")

    monkeypatch.setattr(engine_module, "compile_operation", fail)
    with structlog.testing.capture_logs() as lines:
        found = await answer(engine_for(schema, "compiled"), context(), "{ hello }")

    assert found == Answer(200, b'{"data":{"hello":"hello world"}}')
    assert [line["event"] for line in lines] == ["engine.not_compiled"]


async def test_a_refusal_is_the_same_for_everyone(context: Ask) -> None:
    refused = Refused(public=False, answer=Answer(400, b"{}"))

    assert await refused.run(context(), {}) == Answer(400, b"{}")


def test_a_code_that_an_error_has_is_kept() -> None:
    error = GraphQLError("x", extensions={"code": "MINE"})

    assert engine_module.with_code(error, "OTHER").extensions == {"code": "MINE"}


@pytest.mark.parametrize(
    "inside",
    [
        "again { name } " * 3000,
        "again { again { name } again { name } } " * 1000,
        " ".join(f"name @skip(if: $v{n})" for n in range(450)),
    ],
    ids=["flat", "nested", "with arguments"],
)
async def test_names_that_repeat_and_repeat_are_judged_in_no_time(
    engine: Engine, context: Ask, inside: str
) -> None:
    begun = time.process_time()
    found = await answer(engine, context(), "{ thing { " + inside + " } }")

    assert found.status == 400
    assert time.process_time() - begun < 5
