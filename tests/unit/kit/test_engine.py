from collections.abc import Callable
from typing import Any

import orjson
import pytest
import structlog
from graphql import GraphQLError, get_introspection_query

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
from kit.graphql import OURS, Context, Schema
from kit.limits import Limits

EXECUTIONS = ("compiled", "standard")
Ask = Callable[..., Any]


@pytest.fixture(params=EXECUTIONS)
def engine(request: pytest.FixtureRequest, schema: Schema) -> Engine:
    return engine_for(schema, request.param)


async def answer(
    engine: Engine, context: Context, text: str, name: str | None = None, **given: Any
) -> Answer:
    return await engine.prepare(text, name).run(context, given)


def body(found: Answer) -> Any:
    return orjson.loads(found.body)


def codes(found: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in body(found)["errors"]]


async def test_an_operation_is_answered(engine: Engine, context: Ask) -> None:
    found = await answer(
        engine,
        context(),
        "query($n: String!) { hello(name: $n) thing { name } }",
        n="x",
    )

    assert found == Answer(200, b'{"data":{"hello":"hello x","thing":{"name":"it"}}}')


async def test_of_several_operations_the_one_named_runs(
    engine: Engine, context: Ask
) -> None:
    text = "query A { a: hello } query B { b: hello }"

    assert body(await answer(engine, context(), text, "B")) == {
        "data": {"b": "hello world"}
    }


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("query A { hello } query B { hello }", None, "name the one to run"),
        ("fragment F on Query { hello }", None, "name the one to run"),
        ("query A { hello }", "B", "no operation named 'B'"),
        ("query A { hello }", "", "no operation named ''"),
        ("subscription { ticks }", None, "subscription cannot be answered"),
        ("query A { hello }", "x" * 9999, "xxx'."),
    ],
)
async def test_what_names_no_operation_is_refused(
    engine: Engine, context: Ask, text: str, name: str | None, says: str
) -> None:
    found = await answer(engine, context(), text, name)

    assert found.status == 400
    assert says in body(found)["errors"][0]["message"]
    assert len(found.body) < 500


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ('{ hello(name: "\\ud800") }', "GRAPHQL_PARSE_FAILED"),
        ("{ a " * 5000 + "}" * 5000, "GRAPHQL_PARSE_FAILED"),
        ("{ hello " + "hello " * 20_000 + "}", "MAX_TOKENS_LIMIT"),
        ("{ thing {" + " again {" * 30 + "name" + "}" * 32, "MAX_DEPTH_LIMIT"),
        ("{ " + "hello " * 61 + "}", "MAX_ROOT_FIELDS_LIMIT"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello { x } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello(name: 1) }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($a: Nope) { hello }", "GRAPHQL_VALIDATION_FAILED"),
    ],
    ids=lambda value: value[:30],
)
async def test_a_bad_document_is_refused_by_400_with_a_code_and_no_data(
    engine: Engine, context: Ask, text: str, code: str
) -> None:
    found = await answer(engine, context(), text)

    assert found.status == 400
    assert set(codes(found)) == {code}
    assert "data" not in body(found)


@pytest.mark.parametrize("given", [{}, {"n": None}, {"n": "x"}, {"n": 2**40}])
async def test_variables_that_do_not_fit_are_refused_before_anything_runs(
    engine: Engine, context: Ask, given: dict[str, Any]
) -> None:
    found = await answer(
        engine, context(), "query($n: Int!) { double(number: $n) }", **given
    )

    assert (found.status, codes(found)) == (400, ["BAD_USER_INPUT"])
    assert "data" not in body(found)
    assert "$n" in body(found)["errors"][0]["message"]


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        ("input", "BAD_USER_INPUT", "Ask for less."),
        ("forbidden", "FORBIDDEN", "Not yours."),
        ("rejected", "STALE", "It has changed."),
    ],
)
async def test_what_the_client_caused_is_told_as_it_is(
    engine: Engine, context: Ask, how: str, code: str, says: str
) -> None:
    found = await answer(engine, context(), f'{{ hello fail(how: "{how}") }}')

    assert found.status == 200
    assert body(found) == {
        "data": {"hello": "hello world", "fail": None},
        "errors": [
            {
                "message": says,
                "locations": [{"line": 1, "column": 9}],
                "path": ["fail"],
                "extensions": {"code": code},
            }
        ],
    }


@pytest.mark.parametrize(
    "field", ['fail(how: "bug")', "colour", "huge", "nothing"], ids=lambda f: f[:6]
)
async def test_what_is_our_fault_is_logged_whole_and_told_to_nobody(
    engine: Engine, context: Ask, field: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        found = await answer(engine, context(), f"{{ x: {field} }}")

    assert codes(found) == ["INTERNAL"]
    assert body(found)["errors"][0]["message"] == OURS
    assert b"secret" not in found.body
    assert b"hunter2" not in found.body
    assert [line["event"] for line in lines] == ["graphql.internal_error"]
    assert lines[0]["path"] == ["x"]
    assert isinstance(lines[0]["exc_info"], Exception)


async def test_an_argument_that_does_not_fit_is_the_clients_fault(
    engine: Engine, context: Ask
) -> None:
    found = await answer(engine, context(), "{ echo(value: " + "9" * 30 + ") }")

    assert codes(found)[0] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}


FRAGMENTS = """
{ ...F thing { ...G } } fragment F on Query { who } fragment G on Thing { n: name }
"""
OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("{ hello thing { again { name } } __typename }", {}),
    ('{ a: hello(name: "a") __class__: hello }', {}),
    ("query($x: Boolean!) { hello @skip(if: $x) who }", {"x": True}),
    (FRAGMENTS, {}),
    ('{ fail(how: "input") b: fail(how: "bug") hello }', {}),
    ("{ nothing hello }", {}),
    ("{ colour huge }", {}),
    ('mutation { a: signIn(name: "x") b: signIn(name: "y") }', {}),
    ("query($v: JSON!) { echo(value: $v) }", {"v": {"a": [1, None, "é\u0000"]}}),
    ("query($v: Int!) { double(number: $v) }", {"v": "no"}),
    ("{ nope }", {}),
    ("{", {}),
    (get_introspection_query(), {}),
    ("{ _service { sdl } }", {}),
]


@pytest.mark.parametrize(("text", "given"), OPERATIONS, ids=lambda v: str(v)[:40])
async def test_compiled_and_standard_give_the_same_answer(
    schema: Schema, context: Ask, text: str, given: dict[str, Any]
) -> None:
    compiled, standard = [
        await answer(engine_for(schema, execution), context(), text, **given)
        for execution in EXECUTIONS
    ]

    assert compiled.status == standard.status
    assert body(compiled) == body(standard)


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
