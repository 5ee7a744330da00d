"""A world's subgraphs, and the whole of it, executed by graphql-core."""

import json
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from tests.support.worlds.model import Json, Part, World
from tests.support.worlds.schemas import LINK, subgraph_sdl, whole_sdl

MACHINERY = """
scalar _Any
scalar FieldSet
directive @key(
  fields: FieldSet!, resolvable: Boolean = true
) repeatable on OBJECT | INTERFACE
directive @shareable on FIELD_DEFINITION | OBJECT
directive @external on FIELD_DEFINITION | OBJECT
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @interfaceObject on OBJECT
"""

STANDARD = """
directive @standard(int: Int, boolean: Boolean) on FIELD
"""
"""What variables may be of even where no field is."""

ENTITIES = """
extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
"""


class Answerer:
    """Resolves fields of a world as one subgraph does, or as the whole does."""

    def __init__(self, world: World, subgraph: str | None) -> None:
        self.world = world
        self.subgraph = subgraph
        sdl = whole_sdl(world) + STANDARD
        if subgraph is not None:
            sdl = subgraph_sdl(world, subgraph).replace(LINK, MACHINERY)
            entities = [
                name for name, kind in world.kinds.items() if kind.keys.get(subgraph)
            ]
            objects = [name for name in entities if f"type {name} " in sdl]
            sdl += f"\nunion _Entity = {' | '.join(objects)}" if objects else ""
            if "type Query" not in sdl:
                sdl += "\ntype Query { _none: String }"
            if objects:
                sdl += ENTITIES
        self.schema: GraphQLSchema = build_schema(sdl)
        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
                for field in kind.fields.values():
                    field.resolve = self.resolve
            elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                kind.resolve_type = self.type_of

    def answer(self, document: str, variables: Json) -> Json:
        """Execute a document, after making sure that it is valid here."""
        parsed = parse(document)
        errors = validate(self.schema, parsed)
        assert not errors, f"{self.subgraph}: {errors[0].message}\n{document}"
        result = execute_sync(
            self.schema, parsed, self.world.root, variable_values=variables
        )
        formatted: Any = result.formatted
        return formatted

    def type_of(self, row: Json, *_: object) -> str:
        """Tell an object's type; an interface object is of its interface."""
        return self.named(row["__typename"])

    def named(self, name: str) -> str:
        """Name a type as this subgraph does."""
        for kind in self.world.kinds.values():
            if self.subgraph in kind.object_in and any(
                name in members for members in kind.members.values()
            ):
                return kind.name
        return name

    def resolve(
        self, row: Json, info: GraphQLResolveInfo[Any], **arguments: Any
    ) -> Any:
        """Resolve one field of one object."""
        if info.field_name == "_entities":
            return [self.entity(one) for one in arguments["representations"]]
        name = row.get("__typename", info.parent_type.name)
        part = self.part(name, info.field_name)
        if part.failing and row.get("number", 0) == 1:
            raise GraphQLError(f"{info.field_name} failed")
        if part.requires:
            if self.subgraph is None:
                return self.computed(part, row)
            needed = required(part.requires, row["shown"], whole=False)
            return f"{row['number']}.{part.name}<{json.dumps(needed)}>"
        if info.parent_type.name == "Mutation":
            self.world.log.append(part.name)
        return self.value(part, row, arguments)

    def computed(self, part: Part, row: Json) -> str:
        """Compute a field that requires others, which may require others."""
        known = dict(row)
        for other in self.world.kinds[row["__typename"]].parts.values():
            if other.requires and other.name in part.requires.split():
                known[other.name] = self.computed(other, row)
        needed = required(part.requires, known, whole=True)
        return f"{row['number']}.{part.name}<{json.dumps(needed)}>"

    def value(self, part: Part, row: Json, arguments: Json) -> Any:
        """Give a field's value, or a wrong one where it must not be asked."""
        here = self.subgraph
        if here is not None:
            stale = self.is_stale(part)
            foreign = here not in part.owners and here not in part.provided_in
            if stale or (foreign and not self.is_still(part)):
                return None if part.composite else wrong(part)
        found = row[part.name]
        if part.argument and isinstance(found, str):
            return f"{found}#{arguments['n']}"
        if part.argument and isinstance(found, int):
            return found + arguments["n"] * 1000
        return found

    def is_stale(self, part: Part) -> bool:
        """Tell whether a field has been overridden away from here, as labels stand."""
        if part.override is None:
            return False
        active = not part.label or part.label in self.world.active
        return self.subgraph == part.override[1 if active else 0]

    def is_still(self, part: Part) -> bool:
        """Tell whether an override away from here has not taken effect."""
        if part.override is None or not part.label:
            return False
        inactive = part.label not in self.world.active
        return inactive and self.subgraph == part.override[1]

    def part(self, type_name: str, name: str) -> Part:
        """Find a field, the type's own or its interface object's."""
        shown_as = self.named(type_name)
        own = self.world.kinds[shown_as].parts.get(name)
        return own or self.world.kinds["J"].parts[name]

    def entity(self, shown: Json) -> Json | None:
        """Find the object a representation stands for."""
        name = shown["__typename"]
        kind = self.world.kinds[name]
        names = [name] if kind.kind == "entity" else kind.members[kind.subgraphs[0]]
        keys = kind.keys.get(self.subgraph or "", [])
        for candidate in names:
            for row in self.world.objects[candidate]:
                for key in keys:
                    if same_key(key, shown, row):
                        return {**row, "shown": shown}
        raise AssertionError(f"{self.subgraph} knows nothing like {shown}")


def same_key(key: str, shown: Json, row: Json) -> bool:
    """Tell whether a representation shows the object by this key."""
    plain, _, nested = key.partition("ref {")
    inner = nested.removesuffix(" }").split()
    ref = shown.get("ref")
    if inner and (ref is None or any(ref.get(k) != row["ref"][k] for k in inner)):
        return False
    return all(shown.get(one) == row[one] for one in plain.split())


def wrong(part: Part) -> Any:
    """Make a value that nobody should ever see."""
    value: Any = -1 if part.base == "Int" else f"WRONG {part.name}"
    return [value] if part.wrap.startswith("[") else value


def required(text: str, row: Json, *, whole: bool) -> Any:
    """Read what a `@requires` names, from a representation or from the object."""
    words = text.replace("{", " { ").replace("}", " } ").replace(": ", ":").split()
    found, rest = _required(words, row, whole=whole)
    assert not rest, rest
    return found


def _required(words: list[str], row: Json, *, whole: bool) -> tuple[Json, list[str]]:
    found: Json = {}
    while words and words[0] != "}":
        name, argument = words.pop(0), None
        if "(" in name:
            name, _, argument = name.rstrip(")").partition("(n:")
        value = row[name]
        if words and words[0] == "{":
            words.pop(0)
            start = list(words)
            rows: list[Any] = value if isinstance(value, list) else [value]
            made: list[Any] = []
            for one in rows:
                words = list(start)
                inner, words = (
                    _required(words, one, whole=whole) if one else (None, _skip(words))
                )
                made.append(inner)
            if not rows:
                words = _skip(words)
            words.pop(0)
            found[name] = made if isinstance(value, list) else made[0]
            continue
        if whole and argument is not None and isinstance(value, str):
            value = f"{value}#{argument}"
        elif whole and argument is not None and isinstance(value, int):
            value += int(argument) * 1000
        found[name] = value
    return found, words


def _skip(words: list[str]) -> list[str]:
    return words[words.index("}") :]
