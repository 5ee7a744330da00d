"""Representations → entities: what ``_entities`` resolves, whoever asks for it.

The router sends a type's name and one of its keys. Anybody else may send anything, so
what names no entity of this service, or has no key that could be one, is the
sender's error, and never reaches a domain's code.

Source: the Apollo Federation subgraph specification, "Resolve requests for entities".
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, isawaitable, signature
from typing import Any, Final, cast

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type
from strawberry.federation.schema_directives import Key

from kit.errors import InvalidInputError

TEXTS: Final = frozenset({"ID", "String"})

Resolve = Callable[..., object]
ResolveMany = Callable[..., Awaitable[Sequence[object]]]


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """How one type is found: by which keys, with which function.

    ``keys`` are the fields of each key, with whether their values are texts;
    ``takes`` names what else of a representation the function wants (``@requires``),
    None being everything.
    """

    name: str
    resolve: Resolve
    keys: tuple[Mapping[str, bool], ...]
    takes: frozenset[str] | None
    takes_info: bool
    resolve_many: ResolveMany | None = None

    @property
    def text_key(self) -> str | None:
        """The field of a key that is one text, if there is such a key: mostly so."""
        for key in self.keys:
            if list(key.values()) == [True]:
                return next(iter(key))
        return None

    def find(self, representation: Mapping[str, object], info: object) -> object:
        """Resolve one representation: an entity, nothing, or an awaitable of either.

        A type with ``resolve_references`` is found many at a time: it gives itself.

        Raises:
            InvalidInputError: it has no key that could be one of this type's.

        """
        if not any(has_key(representation, key) for key in self.keys):
            raise InvalidInputError(
                f"A representation of {self.name} needs one of its keys."
            )
        if self.resolve_many is not None:
            return self
        given: dict[str, object] = {
            name: value
            for name, value in representation.items()
            if name != "__typename" and (self.takes is None or name in self.takes)
        }
        if self.takes_info:
            given["info"] = info
        return self.resolve(**given)


def has_key(representation: Mapping[str, object], key: Mapping[str, bool]) -> bool:
    """Say whether a representation has every field of a key, each of its kind.

    >>> has_key({"id": "usr_1"}, {"id": True}), has_key({"id": []}, {"id": True})
    (True, False)
    """
    for name, is_text in key.items():
        value = representation.get(name)
        if value is None or (is_text and not isinstance(value, str)):
            return False
    return True


class Entities:
    """The entities of a schema, each looked up by its type's name."""

    def __init__(self, core: GraphQLSchema, origins: Mapping[str, type]) -> None:
        self._known = {
            name: found
            for name, origin in origins.items()
            if (found := read_entity(name, origin, core)) is not None
        }
        self._many = {
            name: (entity, key)
            for name, entity in self._known.items()
            if entity.resolve_many is not None and (key := entity.text_key)
        }

    def find_each(
        self, representations: Iterable[object], info: object
    ) -> list[object] | Awaitable[list[object]]:
        """Resolve representations, in their order; an error takes its own's place.

        All that is promised is awaited in one place: a task for each of fifty costs
        more than what a loader reads for all of them. A type's
        ``resolve_references(info, representations)`` gives all of its own at once,
        in their order.
        """
        given: list[Any] = list(representations)
        found: list[object] = []
        together: dict[Entity, list[int]] = {}
        promises: list[tuple[list[int], Awaitable[Sequence[object]]]] = []
        for place, each in enumerate(given):
            try:  # what routers send: many of a type, by a key that is one text
                entity, key = self._many[each["__typename"]]
                known = each[key].__class__ is str
            except (KeyError, TypeError):
                known, entity = False, None
            resolved = entity if known else self._find(each, info)
            found.append(resolved)
            if isinstance(resolved, Entity):
                together.setdefault(resolved, []).append(place)
            elif isawaitable(resolved):
                promises.append(([place], alone(resolved)))
        at_once = [
            (places, entity.resolve_many(info, [given[each] for each in places]))
            for entity, places in together.items()
            if entity.resolve_many is not None
        ]
        promises = at_once + promises
        return wait_for_each(found, promises) if promises else found

    def _find(self, representation: object, info: object) -> object:
        if not isinstance(representation, dict):
            return InvalidInputError("A representation is an object.")
        given = cast("dict[str, object]", representation)
        name = given.get("__typename")
        entity = self._known.get(name) if isinstance(name, str) else None
        if entity is None:
            return InvalidInputError("A representation names no entity found here.")
        try:
            return entity.find(given, info)
        except Exception as error:  # noqa: BLE001 - the engine tells it at its place
            return error


async def alone(promise: Awaitable[object]) -> Sequence[object]:
    """Await one entity, as the only one of its kind."""
    return [await promise]


async def wait_for_each(
    found: list[object],
    promises: Sequence[tuple[list[int], Awaitable[Sequence[object]]]],
) -> list[object]:
    """Put what was promised at its places; an error takes all of its own's places."""
    if len(promises) == 1:
        ((places, only),) = promises
        await put(found, places, only)
        return found
    begun = [(places, asyncio.ensure_future(each)) for places, each in promises]
    try:
        for places, promise in begun:
            await put(found, places, promise)
    finally:
        for _, promise in begun:
            promise.cancel()
    return found


async def put(
    found: list[object], places: list[int], promise: Awaitable[Sequence[object]]
) -> None:
    """Put one promise's entities at their places, or its error at each of them."""
    try:
        entities = await promise
    except Exception as error:  # noqa: BLE001 - the engine tells it at its place
        entities = [error] * len(places)
    for place, entity in zip(places, entities, strict=True):
        found[place] = entity


def read_entity(name: str, origin: type, core: GraphQLSchema) -> Entity | None:
    """Read how a type is found, or None where nobody finds it here."""
    resolve: Resolve | None = getattr(origin, "resolve_reference", None)
    kind = core.get_type(name)
    definition: Any = getattr(origin, "__strawberry_definition__", None)
    if resolve is None or not isinstance(kind, GraphQLObjectType):
        return None
    keys = tuple(
        {each: is_text(kind, each) for each in outermost(str(directive.fields))}
        for directive in definition.directives or ()
        if isinstance(directive, Key) and directive.resolvable is not False
    )
    parameters = signature(resolve).parameters
    open_ended = any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values())
    return Entity(
        name,
        resolve,
        keys,
        None if open_ended else frozenset(parameters) - {"info"},
        "info" in parameters,
        getattr(origin, "resolve_references", None),
    )


def outermost(fields: str) -> list[str]:
    """Name the outermost fields of a field set.

    >>> outermost("id organisation { id } number")
    ['id', 'organisation', 'number']
    """
    found: list[str] = []
    depth = 0
    for word in fields.replace("{", " { ").replace("}", " } ").split():
        if word in "{}":
            depth += 1 if word == "{" else -1
        elif depth == 0:
            found.append(word)
    return found


def is_text(kind: GraphQLObjectType, field: str) -> bool:
    """Say whether a field's values are texts on the wire."""
    return get_named_type(kind.fields[field].type).name in TEXTS
