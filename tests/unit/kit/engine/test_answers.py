from typing import Any

import pytest
import structlog
from graphql import get_introspection_query

from kit.engine import (
    Answer,
    Engine,
    engine_for,
)
from kit.graphql import OURS, Schema
from tests.support.engines import EXECUTIONS, Ask, answer, body, codes


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
