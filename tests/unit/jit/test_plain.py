"""Which classes tell by themselves that their instances need no second look."""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from unittest.mock import MagicMock

import pytest
from graphql import GraphQLScalarType, GraphQLString, Undefined

from jit.plain import PLAIN, UNKNOWN, learn, passing_class, speaks_for_all


class Awaitable:
    def __await__(self) -> Any:
        raise NotImplementedError


class Made:
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Odd:
    def __getattribute__(self, name: str) -> Any:
        return 1


@pytest.mark.parametrize("kind", [dict, list, int, datetime, OrderedDict])
def test_ordinary_classes_speak_for_all_their_instances(kind: type[Any]) -> None:
    assert speaks_for_all(kind)


@pytest.mark.parametrize(
    "kind",
    [
        type(None), type(Undefined), ValueError, KeyboardInterrupt, Awaitable, Made,
        Odd,
        MagicMock, type(each for each in ""),
    ],
)  # fmt: skip
def test_null_errors_promises_and_computed_attributes_do_not(kind: type[Any]) -> None:
    assert not speaks_for_all(kind)


def test_a_type_of_the_schema_may_compute_attributes() -> None:
    assert speaks_for_all(Made, declared=True)
    assert not speaks_for_all(Awaitable, declared=True)


def test_a_class_is_learned_from_a_value_and_never_for_a_callers_predicate() -> None:
    class Fresh:
        pass

    learn(UNKNOWN, Fresh())
    assert set() == UNKNOWN
    learn(PLAIN, Fresh())
    assert Fresh in PLAIN


def test_only_a_standard_serialiser_sends_values_as_they_are() -> None:
    assert passing_class(GraphQLString) is str
    loud = GraphQLScalarType("Loud", coerce_output_value=lambda value: value.upper())
    assert passing_class(loud) is None
