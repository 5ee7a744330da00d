"""Recognise what Strawberry generated, by its marks, to do the same with less.

Nothing of Strawberry is imported, and nothing is assumed of what a user may have
overridden: a mark that is missing only means that the long way is taken.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any, NewType

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_abstract_type,
)

from jit.plain import speaks_for_all

CAST = "__as_strawberry_type__"
"""What ``strawberry.cast`` writes on an object that stands for another type."""


def is_cast(value: Any) -> bool:
    """Tell whether an object was cast; only what has a ``__dict__`` can be."""
    return bool(type(value).__dictoffset__) and CAST in value.__dict__


def not_cast(var: str, kinds: Iterable[type[Any]]) -> str:
    """Write the test that a value of these classes was not cast, if it can be."""
    castable = [bool(kind.__dictoffset__) for kind in kinds]
    if all(castable):
        return f"{CAST!r} not in {var}.__dict__"
    return f"not is_cast({var})" if any(castable) else ""


Certain = dict[type[Any], GraphQLObjectType]
"""Classes whose instances, unless cast, are surely of an object type."""


@dataclass(frozen=True, slots=True)
class Method:
    """A resolver without extensions or handlers: a function of the user's.

    `source` is ``None`` if the function does not want it, "" if it comes first, and
    otherwise its keyword; `info` is the keyword of the info or ``None``. `names` are
    the function's own names for the arguments, `plain` those arguments that reach it
    as graphql-core coerced them; of the others only null does.
    """

    function: Callable[..., Any]
    source: str | None
    info: str | None
    wrap_info: Callable[[Any], Any]
    names: dict[str, str]
    plain: frozenset[str]
    nullable: frozenset[str]

    def rename(self, written: dict[str, str] | None) -> dict[str, str] | None:
        """Write arguments by the function's names, or None: they are converted."""
        if written is None or not all(
            name in self.plain or (value == "None" and name in self.nullable)
            for name, value in written.items()
        ):
            return None
        return {self.names[name]: value for name, value in written.items()}


def plain_attribute(
    definition: GraphQLField, resolve: Callable[..., Any]
) -> str | None:
    """Name the attribute that a field without a resolver reads."""
    field: Any = definition.extensions.get("strawberry-definition")
    if field is None or not getattr(resolve, "_is_default", False):
        return None
    simple = (
        resolve.__qualname__.endswith(".<locals>._get_basic_result")
        and field.is_basic_field
        and field.default_resolver is getattr
        and _reads_as_usual(field)
    )
    return field.python_name if simple else None


def plain_method(
    definition: GraphQLField, resolve: Callable[..., Any]
) -> Method | None:
    """Find the user's function behind a resolver that only calls it."""
    field: Any = definition.extensions.get("strawberry-definition")
    name = getattr(resolve, "__qualname__", "")
    if field is None or not name.startswith("GraphQLCoreConverter.from_resolver."):
        return None
    cells = _cells(resolve)
    simple = (
        name.endswith(("._resolver", "._async_resolver"))
        and len(definition.args) == len(field.arguments)
        and not field.extensions
        and not cells.get("field_exception_handlers", True)
        and field.base_resolver is not None
        and _reads_as_usual(field)
        and type(field.base_resolver).__call__.__qualname__
        == "StrawberryResolver.__call__"
        and callable(field.base_resolver.wrapped_func)
    )
    return _method(definition, field, name, cells) if simple else None


def _method(
    definition: GraphQLField, field: Any, name: str, cells: dict[str, Any]
) -> Method | None:
    resolver = field.base_resolver
    function = resolver.wrapped_func
    if name.endswith("._async_resolver") and not iscoroutinefunction(function):
        return None
    named = resolver.parent_parameter or resolver.root_parameter
    if named and resolver.self_parameter:
        return None
    info = resolver.info_parameter
    arguments = dict(zip(definition.args, field.arguments, strict=True))
    return Method(
        function,
        named.name if named else "" if resolver.self_parameter else None,
        info.name if info else None,
        cells["_strawberry_info_from_graphql"],
        {each: given.python_name for each, given in arguments.items()},
        frozenset(each for each, given in arguments.items() if _is_plain(given.type)),
        frozenset(
            each for each, given in arguments.items() if _is_optional(given.type)
        ),
    )


def _is_optional(type_: Any) -> bool:
    return type(type_).__name__ == "StrawberryOptional"


def _is_plain(type_: Any) -> bool:
    """Tell whether an argument's values reach the function unconverted."""
    inner = type_.of_type if _is_optional(type_) else type_
    return any(inner is kind for kind in (str, int, float, bool)) or (
        isinstance(inner, NewType) and inner.__supertype__ is str
    )


def _reads_as_usual(field: Any) -> bool:
    return type(field).get_result.__qualname__ == "StrawberryField.get_result"


def _cells(function: Any) -> dict[str, Any]:
    """Read what a nested function remembers of the functions around it."""
    names = function.__code__.co_freevars
    return {
        name: cell.cell_contents
        for name, cell in zip(names, function.__closure__ or (), strict=True)
    }


def certain_classes(schema: GraphQLSchema, type_: GraphQLNamedType) -> Certain:
    """Map Python classes to the object types that Strawberry resolves them to."""
    if is_abstract_type(type_):
        if not _resolves_by_class(type_):
            return {}
        found = map(_certain_class, schema.get_possible_types(type_))
        return dict(filter(None, found))
    if isinstance(type_, GraphQLObjectType) and type_.is_type_of:
        one = _certain_class(type_)
        return dict([one]) if one else {}
    return {}


def _certain_class(
    type_: GraphQLObjectType,
) -> tuple[type[Any], GraphQLObjectType] | None:
    definition: Any = type_.extensions.get("strawberry-definition")
    check = type_.is_type_of
    if definition is None or (
        check and "from_object.<locals>._get_is_type_of" not in check.__qualname__
    ):
        return None
    kind = definition.origin
    certain = (
        isinstance(kind, type)
        and vars(kind).get("__strawberry_definition__") is definition
        and definition.concrete_of is None
        and not definition.is_graphql_generic
        and not definition.is_type_of
        and speaks_for_all(kind, declared=True)
    )
    return (kind, type_) if certain else None


def _resolves_by_class(type_: GraphQLAbstractType) -> bool:
    return getattr(type_.resolve_type, "__qualname__", "").endswith(
        (
            "from_interface.<locals>._get_resolve_type.<locals>.resolve_type",
            "get_type_resolver.<locals>._resolve_union_type",
        )
    )
