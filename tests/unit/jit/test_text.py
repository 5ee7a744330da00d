"""Nothing that a client writes becomes code."""

import ast
import builtins
from typing import Any

import graphql as g
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jit
from jit.compiler import RUNTIME
from jit.text import Text, literal

SCHEMA = g.build_schema(
    """
    directive @note(text: String) on FIELD | QUERY
    enum Color { RED }
    scalar Any
    input Box { name: String, any: Any, color: Color }
    type Query {
      echo(text: String, box: Box, any: Any, many: [String!]): String
      self: Query
    }
    """
)

HOSTILE_NAMES = (
    "__class__", "__proto__", "__import__", "__builtins__", "import", "lambda", "exec",
    "None", "True", "run", "source", "path", "data", "waiting", "plain", "at", "Path",
    "complete_field", "go_on", "type", "str", "self", "_", "a" * 3000,
)  # fmt: skip

HOSTILE_TEXTS = (
    "' + __import__('os').system('true') + '",
    '"""',
    "'''",
    "\\",
    "\\'",
    "\n    raise SystemExit\n",
    "\r\nimport os\r\n",
    "\u2028import os\u2029",
    "{field}",
    "{0}{1!r:>{2}}",
    "%s%(a)s",
    "# noqa",
    "\x00",
    "\ud83d\ude00",
    "\u202eimport os",
    "a" * 5000,
)


def words_outside_literals(source: str) -> set[str]:
    """Every name in the generated text: what its code can do."""
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg
    }
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert not [
        n
        for n in ast.walk(tree)
        if isinstance(n, (ast.Import, ast.ImportFrom, ast.Global))
    ]
    return names


def vocabulary(source: str) -> set[str]:
    """The same without the numbers behind them."""
    return {word.rstrip("0123456789") for word in words_outside_literals(source)}


def compiled(document: str, variables: dict[str, Any] | None = None) -> tuple[str, Any]:
    operation = jit.compile_operation(SCHEMA, g.parse(document))
    assert operation.not_compiled is None

    def echo(_info: Any, **arguments: Any) -> str:
        return repr(arguments)

    root: dict[str, Any] = {"echo": echo}
    root["self"] = root
    return operation.source, operation.execute(root, None, variables)


def plain(document: str) -> set[str]:
    return vocabulary(compiled(document)[0])


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_response_key_is_data_whatever_it_is_called(name: str) -> None:
    source, result = compiled(f"{{ {name}: self {{ {name}: echo }} }}")
    assert result == ({name: {name: "{}"}}, None)
    assert vocabulary(source) == plain("{ harmless: self { harmless: echo } }")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_of_operations_fragments_and_variables_never_become_code(
    name: str,
) -> None:
    fragment = f"F{name}"
    source, result = compiled(
        f"query {name}(${name}: String) {{ ...{fragment} }}"
        f" fragment {fragment} on Query {{ echo(text: ${name}) }}",
        {name: "given"},
    )
    assert result == ({"echo": "{'text': 'given'}"}, None)
    assert vocabulary(source) == plain(
        "query q($v: String) { ...F } fragment F on Query { echo(text: $v) }"
    )


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_string_is_data_whatever_it_says(text: str) -> None:
    quoted = g.print_ast(g.StringValueNode(value=text))
    source, result = compiled(f"{{ echo(text: {quoted}) }}")
    assert result == ({"echo": repr({"text": text})}, None)
    assert vocabulary(source) == plain('{ echo(text: "harmless") }')


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_string_survives_as_a_literal(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert literal(text).isascii()
    assert "\n" not in literal(text)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_strings_inside_lists_objects_and_directives_never_become_code(
    text: str,
) -> None:
    quoted = g.print_ast(g.StringValueNode(value=text))
    source, result = compiled(
        f"query @note(text: {quoted}) {{ echo(many: [{quoted}], box: {{name: {quoted},"
        f" any: {{deep: [{quoted}]}}}}, any: {quoted}) @note(text: {quoted}) }}"
    )
    box = {"name": text, "any": {"deep": [text]}}
    assert result == ({"echo": repr({"box": box, "any": text, "many": [text]})}, None)
    assert text not in source or len(text) < 3


@pytest.mark.parametrize(
    "number", ["1", "-0", "2147483647", "0.1e-7", "1e308", "9" * 400]
)
def test_numbers_are_data_whatever_they_look_like(number: str) -> None:
    source, _ = compiled(f"{{ echo(any: {number}) }}")
    assert vocabulary(source) <= plain('{ echo(text: "x") }') | {
        "any",
        "given",
        "arguments",
    }


@pytest.mark.parametrize("description", ["'''", "\\", '"); import os #'])
def test_a_comment_or_the_spelling_of_a_document_never_becomes_code(
    description: str,
) -> None:
    source, _ = compiled(f"# {description}\n{{ echo # {description}\n }}")
    assert description not in source


def test_generated_code_can_name_only_what_it_was_given() -> None:
    source, _ = compiled("{ echo self { echo(text: $v) } }".replace("$v", '"v"'))
    operation = jit.compile_operation(SCHEMA, g.parse("{ echo self { echo } }"))
    function: Any = operation.variant(())
    assert function.__globals__["__builtins__"] is RUNTIME
    for name in ("open", "eval", "exec", "__import__", "compile", "globals", "vars"):
        assert name not in RUNTIME
        assert hasattr(builtins, name)
    known = set(RUNTIME) | set(function.__globals__)
    loaded = {
        node.id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    local = {
        "run",
        "source",
        "path",
        "data",
        "waiting",
        "plain",
        "at",
        "here",
        "given",
        "text",
        "value",
    }
    assert {name.rstrip("0123456789") for name in loaded} <= {
        name.rstrip("0123456789") for name in known
    } | local


def test_numbers_keep_names_apart() -> None:
    text = Text({})
    assert [text.fresh("a"), text.constant("a", 1), text.fresh("b-c")] == [
        "a_1",
        "a_2",
        "b_c_3",
    ]
    assert text.names == {"a_2": 1}
