"""Random operations over a schema, valid by construction or thrown away."""

import random

from graphql import (
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_object_type,
    parse,
    validate,
)

VARIABLES = {
    "$yes": "$yes: Boolean = true",
    "$no": "$no: Boolean = false",
    "$n": "$n: Int = 2",
}


def make_operation(schema: GraphQLSchema, seed: int, depth: int = 4) -> str | None:
    """Invent an operation; None if it happens not to be valid."""
    writer = _Writer(schema, random.Random(seed))
    kind = "query"
    if schema.mutation_type and writer.random.random() < 0.1:
        kind = "mutation"
    body = writer.selections(kind.capitalize(), depth)
    text = " ".join((body, *writer.fragments))
    used = [whole for name, whole in VARIABLES.items() if name in text]
    text = f"{kind} Q" + (f"({', '.join(used)}) " if used else " ") + text
    if validate(schema, parse(text), [OverlappingFieldsCanBeMergedRule]):
        return None
    return text


class _Writer:
    def __init__(self, schema: GraphQLSchema, rng: random.Random) -> None:
        self.schema = schema
        self.random = rng
        self.fragments: list[str] = []
        self.count = 0

    def selections(self, name: str, depth: int, *, inside: bool = False) -> str:
        kind = self.schema.type_map[name]
        parts: list[str] = []
        fields = (
            list(kind.fields) if is_object_type(kind) or is_interface_type(kind) else []
        )
        self.random.shuffle(fields)
        chosen = fields[: self.random.randint(1, 5)]
        texts = (self.field(name, one, depth, inside=inside) for one in chosen)
        parts.extend(text for text in texts if text)
        if self.random.random() < 0.2:
            parts.append(self.random.choice(["__typename", "kind: __typename"]))
        if is_abstract_type(kind):
            members = self.schema.get_possible_types(kind)
            parts.extend(
                self.fragment(member.name, depth, inside=True)
                for member in members
                if self.random.random() < 0.7
            )
        elif depth > 1 and self.random.random() < 0.2:
            parts.append(self.fragment(name, depth - 1))
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def fragment(self, name: str, depth: int, *, inside: bool = False) -> str:
        inner = self.selections(name, depth, inside=inside)
        condition = "" if name == "Mutation" else self.condition()
        if self.random.random() < 0.25:
            self.count += 1
            self.fragments.append(f"fragment F{self.count} on {name} {inner}")
            return f"...F{self.count}{condition}"
        return f"... on {name}{condition} {inner}"

    def field(self, parent: str, name: str, depth: int, *, inside: bool) -> str:
        kind = self.schema.type_map[parent]
        assert is_object_type(kind) or is_interface_type(kind)
        field = kind.fields[name]
        named = get_named_type(field.type)
        text = name
        alias = self.random.random() < 0.25
        if field.args and self.random.random() < 0.6:
            value = self.random.choice(["1", "2", "$n"])
            text += f"(n: {value})"
            alias = True
        if inside and (is_composite_type(named) or self.random.random() < 0.7):
            # Types beside each other would answer one key in different shapes.
            alias = True
        if alias:
            self.count += 1
            key = "id" if self.random.random() < 0.05 else f"x{self.count}"
            text = f"{key}: {text}"
        # Whether a condition holds would decide in which order mutations run.
        text += "" if parent == "Mutation" else self.condition()
        if is_composite_type(named):
            if depth <= 1:
                return ""
            text += " " + self.selections(named.name, depth - 1)
        return text

    def condition(self) -> str:
        if self.random.random() > 0.12:
            return ""
        word = self.random.choice(["skip", "include"])
        return f" @{word}(if: {self.random.choice(['$yes', '$no', 'true', 'false'])})"
