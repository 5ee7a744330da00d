"""`__schema` and `__type`: answered from the API schema, never by a subgraph."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLSchema, execute_sync, parse

from router.operation.model import Operation
from router.projection.layout import holds

META = {"__schema", "__type"}


class Introspection:
    """The introspective part of one operation, and its answer once it is known."""

    def __init__(self, schema: GraphQLSchema, operation: Operation) -> None:
        root = operation.selections
        fields = tuple(field for field in root.fields if field.name in META)
        self.fields = fields
        self._schema = schema
        self._known: dict[str, Any] | None = None
        if fields:
            only = replace(operation, selections=replace(root, fields=fields, cases=()))
            self._document = parse(only.text, no_location=True)
            self._fixed = not only.variables

    def answer(
        self, variables: dict[str, Any], conditions: Mapping[str, object]
    ) -> dict[str, Any]:
        """Give the introspected root fields; remembered where nothing varies."""
        if self._known is not None:
            return self._known
        result = execute_sync(
            self._schema, self._document, root_value={}, variable_values=variables
        )
        found = result.data or {}
        if self._fixed:
            self._known = found
        return {
            field.key: found.get(field.key)
            for field in self.fields
            if holds(field.when, conditions)
        }
