"""What executing one field of an operation needs to know, once it is compiled."""

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLType,
)

Kind = type[Any]

ExecuteTogether = Callable[[Any, Any], "list[Any] | None"]
"""A generated function: (items, plain classes) → their objects, or None: not so."""

ExecuteFields = Callable[[Any, Any, Any], Any]
"""A generated function: (run, source, path) → the object, or an awaitable of it."""


def without_non_null(type_: GraphQLType) -> GraphQLType:
    """Return what a type is when it is not null."""
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


class Select(dict[GraphQLObjectType, ExecuteFields]):
    """Functions by object type, for what one field selects of its value."""

    __slots__ = ()

    def together(
        self, type_: GraphQLObjectType, kind: Kind
    ) -> "ExecuteTogether | None":
        """Find what executes many instances of a class at once, if anything does."""
        del type_, kind
        return None

    def is_quiet(self, type_: GraphQLType) -> bool:
        """Tell whether completing a value never has to wait.

        A leaf does not; a list of leaves might hold promises.
        """
        return not isinstance(without_non_null(type_), GraphQLList)


NOTHING_TO_SELECT = Select()
"""For leaves."""

NOTHING_BY_CLASS: dict[Kind, ExecuteFields] = {}
"""For leaves."""


NOT_TOGETHER: dict[Kind, "ExecuteTogether | None"] = {}
"""For what is no list."""


class Field:
    """One response key of one object type: the nodes that asked, what answers.

    `select` maps each object type that the field may return to the generated
    function that executes its sub-selections; types of an interface or a union
    are compiled when they are first seen. `certain` are the classes whose instances
    are known to be of a type; `by_class` remembers what executes instances of a class,
    `together` what executes many of them at once.
    `resolve` is the resolver, with middleware around it.
    """

    __slots__ = (
        "_quiet",
        "by_class",
        "certain",
        "definition",
        "key",
        "name",
        "nodes",
        "non_null",
        "parent",
        "parent_name",
        "resolve",
        "select",
        "together",
        "type",
    )

    def __init__(
        self,
        key: str,
        nodes: list[FieldNode],
        definition: GraphQLField,
        parent: GraphQLObjectType,
        resolve: Callable[..., Any],
        select: Select,
        certain: dict[Kind, GraphQLObjectType],
    ) -> None:
        self.key = key
        self.name = nodes[0].name.value
        self.nodes = nodes
        self.definition = definition
        self.type: GraphQLType = definition.type
        self.non_null = isinstance(definition.type, GraphQLNonNull)
        self.parent = parent
        self.parent_name = parent.name
        self.select = select
        self.certain = certain
        self.by_class = {} if select is not NOTHING_TO_SELECT else NOTHING_BY_CLASS
        listed = isinstance(without_non_null(definition.type), GraphQLList)
        self.together = {} if listed else NOT_TOGETHER
        self.resolve = resolve
        self._quiet: bool | None = None

    def is_quiet(self) -> bool:
        """Tell whether nothing under this field can have to be awaited.

        That is so where the fields selected of its value are attributes alone.
        """
        if self._quiet is None:
            self._quiet = self.select.is_quiet(self.type)
        return self._quiet
