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

SCHEMA = g.build_schema(
    """
    enum Status { OPEN DONE }
    scalar Instant
    interface Node { id: ID! }
    type User implements Node { id: ID! name: String }
    type Ticket implements Node {
      id: ID!
      weight: Float
      open: Boolean!
      status: Status!
      at: Instant
      tags: [String!]!
      assignee: User
      parent: Node
      comments(first: Int = 10, after: String): [Ticket]
    }
    type Query { ticket(id: ID!): Ticket }
    type Mutation { close(id: ID!): Ticket! again: Int }
    """
)


def source(document: str) -> str:
    return jit.compile_operation(SCHEMA, g.parse(document)).source


def test_leaves_are_read_checked_and_sent() -> None:
    assert source("{ __typename ticket(id: 7) { key: id } }") == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id='7')
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, ticket_4, at, here, waiting)
            data['ticket'] = at
        elif at is None:
            data['ticket'] = None
        else:
            data['ticket'] = complete_field(run, ticket_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_7.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_8, new(Path, (path, 'key', 'Ticket'))))
        if type(at) is str:
            data['key'] = at
        else:
            data['key'] = complete_field(run, id_8, path, waiting, at)
    except Exception:
        go_on(run, fields_9, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")


def test_each_kind_of_value_has_its_short_way() -> None:
    assert source(
        "query ($id: ID!) { ticket(id: $id)"
        " { weight status at tags assignee { name } parent { id } } }"
    ) == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id=run.variables['id'])
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, ticket_4, at, here, waiting)
            data['ticket'] = at
        elif at is None:
            data['ticket'] = None
        else:
            data['ticket'] = complete_field(run, ticket_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_10.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.weight: Float
        at = source.get('weight') if type(source) is dict else lookup(source, 'weight')
        if callable(at):
            at = at(info(run, weight_11, new(Path, (path, 'weight', 'Ticket'))))
        if type(at) is float and at - at == 0:
            data['weight'] = at
        elif at is None:
            data['weight'] = None
        else:
            data['weight'] = complete_field(run, weight_11, path, waiting, at)
        # Ticket.status: Status!
        at = source.get('status') if type(source) is dict else lookup(source, 'status')
        if callable(at):
            at = at(info(run, status_12, new(Path, (path, 'status', 'Ticket'))))
        if type(at) is str and at in names_13:
            data['status'] = names_13[at]
        else:
            data['status'] = complete_field(run, status_12, path, waiting, at)
        # Ticket.at: Instant
        at = source.get('at') if type(source) is dict else lookup(source, 'at')
        if callable(at):
            at = at(info(run, at_14, new(Path, (path, 'at', 'Ticket'))))
        if type(at) in plain:
            text = serialize_15(at)
            if type(text) is not str:
                given = at, text, scalar_16
                text = complete_serialized(run, at_14, path, waiting, *given)
            data['at'] = text
        elif at is None:
            data['at'] = None
        else:
            data['at'] = complete_field(run, at_14, path, waiting, at)
        # Ticket.tags: [String!]!
        at = source.get('tags') if type(source) is dict else lookup(source, 'tags')
        if callable(at):
            at = at(info(run, tags_17, new(Path, (path, 'tags', 'Ticket'))))
        if type(at) is list and classes_18.issuperset(map(type, at)):
            data['tags'] = at.copy()
        else:
            data['tags'] = complete_field(run, tags_17, path, waiting, at)
        # Ticket.assignee: User
        at = source.get('assignee') if type(source) is dict else lookup(source, 'assignee')
        if callable(at):
            at = at(info(run, assignee_19, new(Path, (path, 'assignee', 'Ticket'))))
        if type(at) in plain:
            here = new(Path, (path, 'assignee', 'Ticket'))
            at = User_7(run, at, here)
            if type(at) is not dict:
                at = hold(run, assignee_19, at, here, waiting)
            data['assignee'] = at
        elif at is None:
            data['assignee'] = None
        else:
            data['assignee'] = complete_field(run, assignee_19, path, waiting, at)
        # Ticket.parent: Node
        at = source.get('parent') if type(source) is dict else lookup(source, 'parent')
        if callable(at):
            at = at(info(run, parent_20, new(Path, (path, 'parent', 'Ticket'))))
        if at is None:
            data['parent'] = None
        else:
            data['parent'] = complete_field(run, parent_20, path, waiting, at)
    except Exception:
        go_on(run, fields_21, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def User_7(run, source, path):
    data = data_22.copy()
    waiting = {}
    plain = run.plain
    try:
        # User.name: String
        at = source.get('name') if type(source) is dict else lookup(source, 'name')
        if callable(at):
            at = at(info(run, name_23, new(Path, (path, 'name', 'User'))))
        if type(at) is str:
            data['name'] = at
        elif at is None:
            data['name'] = None
        else:
            data['name'] = complete_field(run, name_23, path, waiting, at)
    except Exception:
        go_on(run, fields_24, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def User_8(run, source, path):
    data = data_25.copy()
    waiting = {}
    plain = run.plain
    try:
        # User.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_26, new(Path, (path, 'id', 'User'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_26, path, waiting, at)
    except Exception:
        go_on(run, fields_27, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_9(run, source, path):
    data = data_28.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_29, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_29, path, waiting, at)
    except Exception:
        go_on(run, fields_30, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")  # noqa: E501 - generated text


def test_arguments_are_written_where_they_are_known() -> None:
    assert source(
        "query ($n: Int) { ticket(id: 1) { a: comments { id } "
        ' b: comments(first: 3, after: "x") { id } c: comments(first: $n) { id } } }'
    ) == snapshot("""\
def Query_1(run, source, path):
    data = data_3.copy()
    waiting = {}
    plain = run.plain
    try:
        # Query.ticket: Ticket
        at = source.get('ticket') if type(source) is dict else lookup(source, 'ticket')
        if callable(at):
            at = at(info(run, ticket_4, path_5), id='1')
        if type(at) in plain:
            here = path_5
            at = Ticket_2(run, at, here)
            if type(at) is not dict:
                at = hold(run, ticket_4, at, here, waiting)
            data['ticket'] = at
        elif at is None:
            data['ticket'] = None
        else:
            data['ticket'] = complete_field(run, ticket_4, path, waiting, at)
    except Exception:
        go_on(run, fields_6, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_2(run, source, path):
    data = data_10.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.comments: [Ticket]
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_11, new(Path, (path, 'a', 'Ticket'))), first=10)
        if at is None:
            data['a'] = None
        else:
            data['a'] = complete_field(run, comments_11, path, waiting, at)
        # Ticket.comments: [Ticket]
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_12, new(Path, (path, 'b', 'Ticket'))), first=3, after='x')
        if at is None:
            data['b'] = None
        else:
            data['b'] = complete_field(run, comments_12, path, waiting, at)
        # Ticket.comments: [Ticket]
        given = arguments(run, comments_13)
        at = source.get('comments') if type(source) is dict else lookup(source, 'comments')
        if callable(at):
            at = at(info(run, comments_13, new(Path, (path, 'c', 'Ticket'))), **given)
        if at is None:
            data['c'] = None
        else:
            data['c'] = complete_field(run, comments_13, path, waiting, at)
    except Exception:
        go_on(run, fields_14, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_7(run, source, path):
    data = data_15.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_16, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_16, path, waiting, at)
    except Exception:
        go_on(run, fields_17, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_8(run, source, path):
    data = data_18.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_19, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_19, path, waiting, at)
    except Exception:
        go_on(run, fields_20, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def Ticket_9(run, source, path):
    data = data_21.copy()
    waiting = {}
    plain = run.plain
    try:
        # Ticket.id: ID!
        at = source.get('id') if type(source) is dict else lookup(source, 'id')
        if callable(at):
            at = at(info(run, id_22, new(Path, (path, 'id', 'Ticket'))))
        if type(at) is str:
            data['id'] = at
        else:
            data['id'] = complete_field(run, id_22, path, waiting, at)
    except Exception:
        go_on(run, fields_23, data, source, path, waiting)
    if waiting:
        return await_values(data, waiting)
    return data


def execute_operation(run, source, path):
    return Query_1(run, source, path)
""")  # noqa: E501 - generated text


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
