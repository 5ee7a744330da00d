"""The generated text, and which variants of it are made."""

import ast
import dis
from types import CodeType
from typing import Any

import graphql as g
import pytest
from inline_snapshot import snapshot

import jit
from jit import counters
from jit.compiler import RUNTIME
from tests.support.jit_tickets import SCHEMA, source


def test_mutations_are_one_function_for_each_root_field() -> None:
    assert source("mutation { close(id: 1) { id } again }") == snapshot("""\
def Mutation_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Mutation.close: Ticket!
        at = source.get('close') if type(source) is dict else lookup(source, 'close')
        if callable(at):
            at = at(info(run, close_4, path_5), id='1')
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, close_4, at, here, waiting)
            data['close'] = at
        else:
            data['close'] = complete_field(run, close_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Mutation_7(run, source, path):
    data = data_8.copy()
    waiting = {}
    plain = run.plain
    try:
        # Mutation.again: Int
        at = source.get('again') if type(source) is dict else lookup(source, 'again')
        if callable(at):
            at = at(info(run, again_9, path_10))
        if type(at) is int and -0x80000000 <= at <= 0x7FFFFFFF:
            data['again'] = at
        elif at is None:
            data['again'] = None
        else:
            data['again'] = complete_field(run, again_9, path, waiting, at)
    except Exception:
        go_on(run, fields_11, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_12.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_13, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_13, path, waiting, at)
    except Exception:
        go_on(run, fields_14, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return execute_serially([Mutation_1, Mutation_7], run, source)
""")


@pytest.mark.parametrize(
    "document",
    [
        "{ ticket(id: 1) { id parent { id ... on User { name } } } }",
        g.get_introspection_query(),
    ],
)
def test_generated_code_names_nothing_that_is_missing(document: str) -> None:
    operation = jit.compile_operation(SCHEMA, g.parse(document))
    function: Any = operation.variant(())
    names = {**RUNTIME, **function.__globals__}

    def globals_of(code: CodeType) -> set[Any]:
        return {
            step.argval
            for step in dis.get_instructions(code)
            if step.opname == "LOAD_GLOBAL"
        }

    functions = [value for value in names.values() if getattr(value, "__code__", None)]
    generated = [f for f in functions if f.__code__.co_filename == "<operation>"]
    assert len(generated) > 1
    for one in generated:
        assert globals_of(one.__code__) <= names.keys()


def test_selections_on_an_interface_are_compiled_when_a_type_is_first_seen() -> None:
    document = g.parse("{ ticket(id: 1) { parent { id } } }")
    operation = jit.compile_operation(SCHEMA, document)
    function: Any = operation.variant(())
    before = set(function.__globals__)
    parent = {"__typename": "User", "id": "u"}
    root = {"ticket": {"parent": parent}}
    assert operation.execute(root) == ({"ticket": {"parent": {"id": "u"}}}, None)
    after = set(function.__globals__) - before
    assert any(name.startswith("User_") for name in after)
    assert not any(name.startswith("Ticket_") for name in after)


def test_one_fragment_used_twice_is_compiled_once() -> None:
    text = source(
        "{ ticket(id: 1) { ...F parent { ...F } } } fragment F on Node { id }"
    )
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert len(functions) == 5


def test_an_operation_that_grows_without_bounds_is_left_to_graphql_core() -> None:
    fields = " ".join(f"a{n}: id" for n in range(600))
    document = (
        "{ " + " ".join(f"t{n}: ticket(id: 1) {{ {fields} }}" for n in range(10)) + " }"
    )
    operation = jit.compile_operation(SCHEMA, g.parse(document))
    assert operation.not_compiled == "too large"
    before = counters.fallbacks["too large"]
    result = operation.execute({})
    assert isinstance(result, g.ExecutionResult)
    assert result.data == {f"t{n}": None for n in range(10)}
    assert counters.fallbacks["too large"] == before + 1


def test_fragments_that_double_at_each_level_cost_no_more_than_they_say() -> None:
    levels = 40
    fragments = "".join(
        f" fragment F{n} on Ticket {{ x: comments {{ ...F{n + 1} }}"
        f" y: comments {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    last = f"fragment F{levels} on Ticket {{ id }}"
    document = f"{{ ticket(id: 1) {{ ...F0 }} }}{fragments} {last}"
    operation = jit.compile_operation(SCHEMA, g.parse(document))
    assert operation.not_compiled is None
    assert operation.source.count("def ") == levels + 3
