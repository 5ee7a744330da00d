"""Filtering by custom fields: what a caller writes → predicates."""

import math
from collections.abc import Iterator
from typing import Any

import strawberry
from strawberry import UNSET

from kit.comparators import StringComparator
from kit.errors import InvalidInputError
from kit.filters import MAX_VALUES, Predicate, all_of, any_of, condition, negate
from kit.scalars import echo
from subgraphs.tickets.models import LONGEST_KEY

FIELD = "custom_field"


@strawberry.input(
    description="Compares a custom field. A number, a day, a yes or no is compared as "
    "it is written; of several choices, one must be it."
)
class CustomFieldFilter:
    key: str = strawberry.field(description="Which field.")
    value: StringComparator = strawberry.field(description="What it holds.")


def custom_field_predicate(wanted: CustomFieldFilter) -> Predicate:
    """Turn one such filter into a predicate on tickets.

    Raises:
        InvalidInputError: a key that no field has, or null for a condition.

    """
    if not 0 < len(wanted.key) <= LONGEST_KEY:
        raise InvalidInputError(f"No custom field has the key {echo(wanted.key)}.")
    return all_of(*_conditions(wanted.key, wanted.value))


def _conditions(key: str, value: StringComparator) -> Iterator[Predicate]:
    for name in ("eq", "neq", "in_", "nin", "contains", "starts_with", "is_null"):
        given: Any = getattr(value, name)
        if given is UNSET:
            continue
        if given is None:
            raise InvalidInputError(
                f"A condition on the custom field {echo(key)} is null; use 'isNull'."
            )
        try:
            test = _condition(key, name, given)
        except InvalidInputError as error:
            message = f"A condition on the custom field {echo(key)}: {error}"
            raise InvalidInputError(message) from error
        yield test


def _condition(key: str, name: str, given: Any) -> Predicate:
    match name:
        case "eq":
            return is_one_of(key, [given])
        case "neq":
            return negate(is_one_of(key, [given]))
        case "in_":
            return is_one_of(key, given)
        case "nin":
            return negate(is_one_of(key, given))
        case "is_null":
            filled = condition(FIELD, "filled", key)
            return negate(filled) if given else filled
        case _:
            return condition(FIELD, name, [key, given])


def is_one_of(key: str, texts: list[str]) -> Predicate:
    """Ask for a field that holds one of these, however its kind keeps it."""
    if len(texts) > MAX_VALUES:
        raise InvalidInputError(
            f"A filter takes at most {MAX_VALUES} values in a list."
        )
    return any_of(
        *(
            condition(FIELD, "holds", {key: kept})
            for text in texts
            for kept in ways_to_keep(text)
        )
    )


def ways_to_keep(text: str) -> list[Any]:
    """Name what a field may hold that is written like this.

    >>> ways_to_keep("Bonn"), ways_to_keep("7"), ways_to_keep("true")
    (['Bonn', ['Bonn']], ['7', ['7'], 7.0], ['true', ['true'], True])
    """
    found: list[Any] = [text, [text]]
    if text in {"true", "false"}:
        found.append(text == "true")
    try:
        number = float(text)
    except ValueError:
        return found
    return [*found, number] if math.isfinite(number) else found
