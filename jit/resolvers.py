"""Recognise what a field's resolver does, so that simple ones need not be called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from graphql import GraphQLField, default_field_resolver
from graphql.type.introspection import TypeNameMetaFieldDef

from jit.strawberry_marks import Method, plain_attribute, plain_method
from jit.text import literal

Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class TypeName:
    """``__typename``: known when the operation is compiled."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """The field is an attribute of its source, and nothing else."""

    name: str

    def expression(self) -> str:
        """Write the access.

        >>> Attribute("subject").expression(), Attribute("from").expression()
        ('source.subject', "getattr(source, 'from')")
        """
        name = self.name
        if name.isidentifier() and name.isascii() and not iskeyword(name):
            return f"source.{name}"
        return f"getattr(source, {literal(name)})"


@dataclass(frozen=True, slots=True)
class Default:
    """graphql-core's default: a key or an attribute, called if it can be."""

    name: str

    def expression(self) -> str:
        """Write the look-up of the value that may have to be called."""
        name = literal(self.name)
        return f"source.get({name}) if type(source) is dict else lookup(source, {name})"


@dataclass(frozen=True, slots=True)
class Call:
    """Anything else is called, with all that graphql-core would give it."""


Shape = TypeName | Attribute | Default | Method | Call


def recognise(
    definition: GraphQLField,
    name: str,
    field_resolver: Resolver,
    wrap: Callable[[Resolver], Resolver] | None,
) -> Shape:
    """Tell how a field gets its value; `wrap` is middleware, which sees every call."""
    resolve = definition.resolve or field_resolver
    if wrap is not None:
        return Call()
    if definition is TypeNameMetaFieldDef:
        return TypeName()
    if resolve is default_field_resolver:
        return Default(name)
    attribute = plain_attribute(definition, resolve)
    if attribute is not None:
        return Attribute(attribute)
    return plain_method(definition, resolve) or Call()


def lookup(source: Any, name: str) -> Any:
    """Read a value as graphql-core's default resolver does, without calling it.

    >>> lookup({"a": 1}, "a"), lookup(object(), "a")
    (1, None)
    """
    if isinstance(source, Mapping):
        return source.get(name)
    return getattr(source, name, None)
