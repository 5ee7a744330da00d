"""What a normalised operation is made of.

A normalised operation has no fragment spreads, no inline fragments without
meaning, no literal `@skip`/`@include`, and each response key at most once under
one type condition. Two operations that mean the same have, up to the order of
their fields, the same text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal


@dataclass(frozen=True, slots=True)
class Condition:
    """One `@include(if: $variable)`, or `@skip(if: $variable)` if negated."""

    variable: str
    negated: bool = False


When = tuple[tuple[Condition, ...], ...]
"""Alternatives, each a conjunction: the field is there if one of them holds.

The empty tuple means always. Conditions that the parent field already implies
are not repeated.
"""

ALWAYS: When = ()


FIRST = (0,)
"""What is answered first: no `@defer` is around it."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument as written: its value in GraphQL syntax, variables included."""

    name: str
    value: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the client asked for.

    `type` is its type in the API schema in GraphQL syntax, such as `"[User!]!"`.
    `position` is when the field was first met among its siblings and their
    type conditions: an answer lists the keys of one object in that order.
    `selections` is None for leaves. `within` are the deferred parts that ask for it
    here, 0 being what is answered first.
    """

    key: str
    name: str
    type: str
    arguments: tuple[Argument, ...] = ()
    selections: "SelectionSet | None" = None
    when: When = ALWAYS
    position: int = 0
    within: tuple[int, ...] = FIRST


@dataclass(frozen=True, slots=True)
class Case:
    """Fields for the objects that are (or implement, or belong to) one type.

    `type` is an object, interface or union of the API schema, never the parent
    type itself. (It covers all of the parent type where it has fields that the
    parent type has not: an interface that all members of a union implement.)
    """

    type: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SelectionSet:
    """What is asked of the objects at one place.

    For an object of concrete type X the answer has `fields` and the fields of
    each case whose type covers X, equal keys merged (their selections united),
    ordered by the smallest `position` of each key.
    """

    type: str
    fields: tuple[Field, ...]
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's definition: type and default in GraphQL syntax."""

    name: str
    type: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Defer:
    """One `@defer` at one place of the answer.

    `parent` is the part in which it stands, 0 being what is answered first. With a
    `variable`, it is deferred only while that is true. `path` leads to its objects
    in response keys.
    """

    number: int
    parent: int
    label: str | None
    variable: str | None
    path: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One operation, normalised against the API schema.

    `selections` may be replaced by a smaller one (`dataclasses.replace`) to hide
    fields from a caller; `text`, the key of the plan cache, follows.
    `size` is the number of fields, `depth` the number of the deepest level.
    """

    kind: Literal["query", "mutation", "subscription"]
    name: str | None
    variables: tuple[Variable, ...]
    selections: SelectionSet
    defers: tuple[Defer, ...] = ()

    @cached_property
    def text(self) -> str:
        """The operation in GraphQL syntax: deterministic, conditions kept."""
        from router.operation.render import render  # noqa: PLC0415 (cycle)

        return render(self)
