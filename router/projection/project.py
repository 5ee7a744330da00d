"""Gathered data → the answer's bytes, by functions compiled once per operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLSchema

from router.errors import ClientPath, Problem
from router.operation.model import Operation
from router.projection.introspect import Introspection
from router.projection.layout import Layouts, holds
from router.projection.nulls import MALFORMED, Careful, Owner
from router.projection.places import in_order
from router.projection.source import Project, Source

Json = dict[str, Any]

TOO_DEEP = "The answer nests too deeply to be written."
"""A custom scalar may hold any JSON; what nests 254 levels is not written."""


@dataclass(slots=True)
class Answer:
    """What goes to the client, and the problems in it as they are told there."""

    body: bytes
    problems: list[Problem]


def nobody(_: ClientPath) -> str | None:
    """Name no subgraph."""
    return None


class Projection:
    """One operation's way from gathered data to an answer."""

    def __init__(self, schema: GraphQLSchema, operation: Operation) -> None:
        self.operation = operation
        self.layouts = Layouts(schema)
        self.introspection = Introspection(schema, operation)
        source = Source(self.layouts)
        self._strict = source.compile(operation)
        self._lenient: Project | None = None
        self._whens = tuple(source.conditions)

    def answer(
        self,
        gathered: Json,
        problems: list[Problem],
        *,
        variables: Json,
        conditions: Mapping[str, object],
        extensions: Json | None = None,
        request_id: str | None = None,
        owner: Owner = nobody,
    ) -> Answer:
        """Build the answer: data in the client's shape, errors in its order.

        ``conditions`` are the coerced variables. ``request_id`` goes into each
        error, so that whoever reports it can be helped; ``owner`` names the subgraph
        behind a malformed value.
        """
        if self.introspection.fields:
            gathered.update(self.introspection.answer(variables, conditions))
        data = self.data(gathered, problems, conditions, owner)
        if not problems and not extensions:
            try:
                return Answer(b'{"data":%s}' % orjson.dumps(data), [])
            except TypeError:
                data, problems = None, [Problem(TOO_DEEP, None, {"code": MALFORMED})]
        said = [each for each in problems if not each.silent]
        told = in_order(self.operation, said)
        answer: Json = {}
        if told:
            answer["errors"] = [write_problem(each, request_id) for each in told]
        answer["data"] = data
        if extensions:
            answer["extensions"] = extensions
        try:
            return Answer(orjson.dumps(answer), told)
        except TypeError:
            deep = Problem(TOO_DEEP, None, {"code": MALFORMED})
            answer = {"errors": [write_problem(deep, request_id)], "data": None}
            return Answer(orjson.dumps(answer), [deep])

    def data(
        self,
        gathered: Json,
        problems: list[Problem],
        conditions: Mapping[str, object],
        owner: Owner = nobody,
    ) -> Json | None:
        """Project quickly, or carefully if anything is not as it should be."""
        truths = [holds(when, conditions) for when in self._whens]
        try:
            return self._strict(gathered, truths)
        except KeyError:
            pass  # an entity was null, a subgraph failed: nothing unusual
        except Exception:  # noqa: BLE001 - any surprise means: look closely
            return self.careful(gathered, problems, conditions, owner)
        try:
            return self.lenient()(gathered, truths)
        except Exception:  # noqa: BLE001 - the same
            return self.careful(gathered, problems, conditions, owner)

    def lenient(self) -> Project:
        """Give the functions that take what is missing for null, made on first need."""
        if self._lenient is None:
            source = Source(self.layouts, lenient=True)
            self._lenient = source.compile(self.operation)
        return self._lenient

    def careful(
        self,
        gathered: Json,
        problems: list[Problem],
        conditions: Mapping[str, object],
        owner: Owner,
    ) -> Json | None:
        """Complete value by value; new problems join those given."""
        look = Careful(self.layouts, conditions, problems, owner)
        return look.data(self.operation, gathered)


def write_problem(problem: Problem, request_id: str | None) -> Json:
    """Write one error as clients read it.

    >>> write_problem(Problem("No.", ("a",), {"code": "X"}), None)
    {'message': 'No.', 'path': ['a'], 'extensions': {'code': 'X'}}
    """
    written: Json = {"message": problem.message}
    if problem.path is not None:
        written["path"] = list(problem.path)
    extensions = dict(problem.extensions)
    if request_id is not None:
        extensions["requestId"] = request_id
    if extensions:
        written["extensions"] = extensions
    return written
