"""The client's variables → the same with types checked and defaults filled in."""

from collections.abc import Callable
from math import isfinite
from typing import Any

from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    get_variable_values,
    is_enum_type,
    is_non_null_type,
    is_scalar_type,
    is_specified_scalar_type,
    type_from_ast,
)

from router.gateway.refusals import refuse_document

Json = dict[str, Any]
Coerce = Callable[[Json], Json]
Test = Callable[[Any], bool]

MOST_ERRORS = 10


def compile_coerce(schema: GraphQLSchema, node: OperationDefinitionNode) -> Coerce:
    """Make the function that checks one operation's variables.

    It raises `RefusedError` where a value cannot be of its variable's type. Plain
    values of the right type are taken at once; graphql-core judges everything else.
    """
    definitions: tuple[VariableDefinitionNode, ...] = tuple(
        node.variable_definitions or ()
    )
    if not definitions:
        return lambda _: {}
    tests = plain_tests(schema, definitions)

    def coerce(given: Json) -> Json:
        if tests is not None and all_plain(tests, given):
            return {name: given[name] for name in tests}
        found = get_variable_values(schema, definitions, given, max_errors=MOST_ERRORS)
        if isinstance(found, list):
            raise refuse_document(found, "BAD_USER_INPUT")
        return found.coerced

    return coerce


def plain_tests(
    schema: GraphQLSchema, definitions: tuple[VariableDefinitionNode, ...]
) -> dict[str, Test] | None:
    """Give each variable's test for plain values, if all of them have one."""
    tests: dict[str, Test] = {}
    for each in definitions:
        kind = type_from_ast(schema, each.type)
        nullable = not is_non_null_type(kind)
        named = kind if nullable else kind.of_type
        if is_enum_type(named):
            test = among(frozenset(named.values))
        elif is_scalar_type(named) and is_specified_scalar_type(named):
            test = PLAIN[named.name]
        else:
            return None
        tests[each.variable.name.value] = or_null(test) if nullable else test
    return tests


def all_plain(tests: dict[str, Test], given: Json) -> bool:
    """Say whether every variable is given, and as it is taken."""
    for name, test in tests.items():
        if name not in given or not test(given[name]):
            return False
    return True


def among(values: frozenset[str]) -> Test:
    """Make the test for an enum's names.

    >>> among(frozenset({"A"}))("A"), among(frozenset({"A"}))(["A"])
    (True, False)
    """
    return lambda value: value.__class__ is str and value in values


def or_null(test: Test) -> Test:
    """Let null pass too."""
    return lambda value: value is None or test(value)


def is_int(value: Any) -> bool:
    """Say whether this is a number of GraphQL's Int.

    >>> is_int(2**31 - 1), is_int(2**31), is_int(True), is_int(1.0)
    (True, False, False, False)
    """
    return value.__class__ is int and -(2**31) <= value < 2**31


PLAIN: dict[str, Test] = {
    "Int": is_int,
    "Float": lambda value: value.__class__ is float and isfinite(value),
    "String": lambda value: value.__class__ is str,
    "ID": lambda value: value.__class__ is str,
    "Boolean": lambda value: value.__class__ is bool,
}
"""The values of each built-in scalar that need no conversion."""
