"""Arguments → what their values cost, and which lists they cut."""

from collections.abc import Iterable
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLType,
    ValueNode,
    get_named_type,
    is_input_object_type,
    parse_value,
    value_from_ast_untyped,
)

from router.cost.amounts import Amount, Json, greatest
from router.cost.prices import ListSize, Prices
from router.errors import OperationError
from router.operation.model import Argument

UNREADABLE = "COST_QUERY_PARSE_FAILURE"
"""Apollo Router's code for an operation whose cost cannot be told."""

NONE = -1
"""A slicing argument that is null or absent says nothing."""


def price_argument(
    prices: Prices, kind: GraphQLType, weight: int | None, argument: Argument
) -> Amount:
    """Say what one argument costs, by its value or by its own weight."""
    if weight is not None:
        return weight
    if not is_input_object_type(get_named_type(kind)):
        return prices.of_type(get_named_type(kind).name)
    node = parse_value(argument.value, no_location=True)
    if not argument.variables:
        return cost_of(prices, kind, value_from_ast_untyped(node))
    return lambda given: cost_of(prices, kind, value_in(node, given))


def value_in(node: ValueNode, variables: Json) -> object:
    """Read a value as written, with variables in it."""
    return value_from_ast_untyped(node, variables)


def cost_of(prices: Prices, kind: GraphQLType, value: object) -> int:
    """Say what a value costs: each input object, and what its fields say."""
    if isinstance(value, list):
        return sum(cost_of(prices, kind, each) for each in cast("list[object]", value))
    found: Any = get_named_type(kind)
    if not is_input_object_type(found):
        return prices.of_type(found.name) if value is not None else 0
    if not isinstance(value, dict):
        return 0
    total = prices.of_input(found.name)
    for name, inner in cast("dict[str, object]", value).items():
        field = found.fields.get(name)
        if field is not None:
            own = prices.of_input_field(found.name, name)
            total += cost_of(prices, field.type, inner) if own is None else own
    return total


def size_of(
    directive: ListSize,
    arguments: Iterable[Argument],
    declared: dict[str, GraphQLArgument],
    *,
    otherwise: int,
    place: str,
) -> Amount:
    """Say how many objects a field brings, by the arguments that cut its list.

    An argument that is not given has the schema's default. ``otherwise`` is what is
    assumed where nothing says.

    Raises:
        OperationError: not exactly one of them is given, and one must be.

    """
    given = {one.name: one for one in arguments if one.name in directive.slicing}
    if directive.one_slicing and directive.slicing:
        said = [one for one in given.values() if one.value != "null"]
        if len(said) != 1:
            names = " or ".join(directive.slicing)
            raise OperationError(
                f"Say exactly one of {names} for {place}: it tells what this costs.",
                code=UNREADABLE,
            )
    sizes = [
        slice_of(given.get(name), default_of(declared.get(name)))
        for name in directive.slicing
    ]
    assumed = otherwise if directive.assumed is None else directive.assumed
    return greatest(sizes, assumed)


def default_of(declared: GraphQLArgument | None) -> int | None:
    """Read the default of a slicing argument."""
    written = None if declared is None else declared.ast_node
    node = None if written is None else written.default_value
    default: object = None if node is None else value_from_ast_untyped(node)
    return default if type(default) is int else None


def slice_of(argument: Argument | None, default: int | None) -> Amount | None:
    """Read one slicing argument; None if it says nothing."""
    if argument is None:
        return default
    if argument.variables:
        name = argument.variables[0]

        def look(given: Json) -> int:
            value = given.get(name, default)
            return max(value, 0) if type(value) is int else NONE

        return look
    value: object = value_from_ast_untyped(parse_value(argument.value))
    return max(value, 0) if type(value) is int else None
