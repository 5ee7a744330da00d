"""Random schemas and resolver behaviour, the same for two executors.

A `World` is made from a seed. What a resolver does depends on the seed and on the
path it is asked for alone, so two executions of one operation must agree.
"""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import graphql as g

LEAVES = ("String", "Int", "Float", "Boolean", "ID", "Color", "Stamp")


class RefusalError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extensions = {"code": message.upper()}


class Thing:
    """A value with attributes for every field of the types in a world."""

    def __init__(self, world: "World", kind: str, seed: str) -> None:
        self.kind = kind
        self.world = world
        self.seed = seed

    def __repr__(self) -> str:
        return f"<Thing {self.kind}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("f"):
            return self.world.attribute(self.kind, name, self.seed)
        raise AttributeError(name)


class World:
    """One schema, and how its resolvers behave; `calm` ones misbehave less often."""

    def __init__(self, seed: int, *, calm: bool = False, waits: bool = True) -> None:
        self.seed = seed
        self.trouble = 0.04 if calm else 0.3
        self.waits = waits
        self.random = Random(seed)
        self.objects = [f"T{n}" for n in range(self.random.randint(1, 4))]
        self.abstract = ["Shape", "Either"] if self.random.random() < 0.6 else []
        self.fields: dict[str, dict[str, str]] = {}
        self.schema = self._build()

    def _build(self) -> g.GraphQLSchema:
        lines = [
            "enum Color { RED GREEN BLUE }",
            "scalar Stamp",
            "input Box { w: Int = 2, h: [Int!], inner: Box, tag: String! }",
        ]
        shared = {"f0": "String", "f1": "Int!"}
        kinds = [*LEAVES, *self.objects, *self.abstract]
        for name in [*self.objects, "Query", "Mutation"]:
            fields = {
                f"f{n}": self._wrap(self.random.choice(kinds))
                for n in range(2, self.random.randint(4, 8))
            }
            fields["f9"] = self._wrap(self.random.choice([*self.objects]))
            if name in self.objects:
                fields |= shared
            self.fields[name] = fields
            body = " ".join(
                f"{field}{'' if field in shared else self._arguments()}: {type_}"
                for field, type_ in fields.items()
            )
            implements = (
                " implements Shape" if self.abstract and name in self.objects else ""
            )
            lines.append(f"type {name}{implements} {{ {body} }}")
        if self.abstract:
            lines.append("interface Shape { f0: String f1: Int! }")
            lines.append(f"union Either = {' | '.join(self.objects)}")
            self.fields["Shape"] = shared
            self.fields["Either"] = {}
        schema = g.build_schema("\n".join(lines))
        self._bring_to_life(schema)
        return schema

    def _arguments(self) -> str:
        options = (
            "a: Int = 3",
            "b: String",
            "c: Box",
            'd: [Color!] = [RED], e: ID! = "x"',
            "h: Float!",
        )
        chosen = [option for option in options if self.random.random() < 0.15]
        return f"({', '.join(chosen)})" if chosen else ""

    def _wrap(self, name: str) -> str:
        roll = self.random.random()
        bang = "!" if self.random.random() < 0.35 else ""
        if roll < 0.65:
            return name + bang
        inner = "!" if self.random.random() < 0.4 else ""
        if roll < 0.92:
            return f"[{name}{inner}]{bang}"
        return f"[[{name}{inner}]]{bang}"

    def _bring_to_life(self, schema: g.GraphQLSchema) -> None:
        stamp: Any = schema.type_map["Stamp"]
        stamp.coerce_output_value = _serialize_stamp
        for name in [*self.objects, "Query", "Mutation"]:
            type_: Any = schema.type_map[name]
            for field in type_.fields.values():
                if self.random.random() < 0.5:
                    field.resolve = self._resolver(name)
            if name in self.objects and self.random.random() < 0.4:
                type_.is_type_of = self._is_type_of(name)
        for name in self.abstract:
            abstract: Any = schema.type_map[name]
            if self.random.random() < 0.8:
                abstract.resolve_type = self._resolve_type()

    def _is_type_of(self, name: str) -> Callable[..., Any]:
        later = self.waits and self.random.random() < 0.4

        def is_type_of(value: Any, info: Any) -> Any:
            verdict = getattr(value, "kind", None) == name
            roll = self._at(info, "is_type_of").random()
            if roll < self.trouble / 6:
                raise RefusalError("not sure")
            return self._later(verdict, int(roll * 30) % 3) if later else verdict

        return is_type_of

    def _resolve_type(self) -> Callable[..., Any]:
        later = self.waits and self.random.random() < 0.4

        def resolve_type(value: Any, info: Any, _type: Any) -> Any:
            kind: Any = getattr(value, "kind", None)
            roll = self._at(info, "resolve_type").random()
            if roll < self.trouble / 5:
                kind = [None, "Nowhere", "Query", "Color", 7][int(roll * 1000) % 5]
            return self._later(kind, int(roll * 30) % 3) if later else kind

        return resolve_type

    def _at(self, info: Any, *more: Any) -> Random:
        return Random(repr((self.seed, info.path.as_list(), more)))

    def _resolver(self, parent: str) -> Callable[..., Any]:
        def resolve(source: Any, info: Any, **arguments: Any) -> Any:
            assert info.parent_type.name == parent
            return self.behave(
                self.fields[parent][info.field_name],
                self._at(info, arguments, info.return_type, getattr(source, "seed", 0)),
                arguments,
            )

        return resolve

    def attribute(self, kind: str, name: str, seed: str) -> Any:
        """Answer what a source object without a resolver answers."""
        random = Random(repr((self.seed, kind, name, seed)))
        type_ = self.fields[kind].get(name)
        if type_ is None or random.random() < self.trouble / 10:
            raise RefusalError(f"no {name}")
        if random.random() < 0.3:
            return lambda info, **arguments: self.behave(
                type_, self._at(info, arguments), arguments
            )
        return self.behave(type_, random, {})

    def behave(self, type_: str, random: Random, arguments: dict[str, Any]) -> Any:
        """Return, promise or raise something for a type."""
        roll = random.random()
        if roll < self.trouble * 0.15:
            raise RefusalError(f"refused {sorted(arguments)}")
        if roll < self.trouble * 0.25:
            return RefusalError("returned")
        if roll < self.trouble * 0.3:
            raise g.GraphQLError("said so", extensions={"a": random.randint(0, 9)})
        value = self.value(type_, random)
        if self.waits and random.random() < 0.4:
            return self._promise(value, random)
        return value

    def _promise(self, value: Any, random: Random) -> Any:
        turns = random.choice([0, 0, 1, 1, 2, 3])
        if random.random() < self.trouble * 0.3:
            return self._fail_later(turns)
        if random.random() < 0.3:
            future = asyncio.get_running_loop().create_future()
            if turns:
                _resolve_after(future, value, turns)
            else:
                future.set_result(value)
            return future
        return self._later(value, turns)

    async def _later(self, value: Any, turns: int) -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        return value

    async def _fail_later(self, turns: int) -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        raise RefusalError(f"failed after {turns}")

    def value(self, type_: str, random: Random) -> Any:
        """Make a value that mostly fits a type."""
        if random.random() < self.trouble * 0.2:
            return random.choice(
                [None, 12.5, "odd", object, [], {"kind": 1}, g.Undefined]
            )
        if type_.endswith("!"):
            return self.value(type_[:-1], random)
        if random.random() < 0.08:
            return None
        if type_.startswith("["):
            return self._list(type_[1:-1], random)
        if type_ in LEAVES:
            return _leaf(type_, random)
        kind = random.choice(self.objects) if type_ in self.abstract else type_
        return Thing(self, kind, f"{random.random()}")

    def _list(self, type_: str, random: Random) -> Any:
        items: list[Any] = []
        for _ in range(random.choice([0, 1, 2, 3])):
            item = self.value(type_, random)
            if random.random() < self.trouble * 0.1:
                item = RefusalError("item")
            elif self.waits and random.random() < 0.2:
                item = self._promise(item, random)
            items.append(item)
        shape = random.random()
        if shape < 0.1:
            return tuple(items)
        if shape < 0.2:
            return iter(items)
        if shape < 0.3 and self.waits:
            return _stream(items)
        return items


async def _stream(items: list[Any]) -> Any:
    for item in items:
        await asyncio.sleep(0)
        yield item


def _resolve_after(future: "asyncio.Future[Any]", value: Any, turns: int) -> None:
    loop = asyncio.get_running_loop()

    def step(left: int) -> None:
        if future.done():
            return
        if left:
            loop.call_soon(step, left - 1)
        else:
            future.set_result(value)

    loop.call_soon(step, turns)


def _leaf(type_: str, random: Random) -> Any:
    return {
        "String": ["text", "", 5, True, 1.5],
        "Int": [1, -7, 2**31, "8", True, 3.0],
        "Float": [1.5, 2, "2.5", float("inf"), True],
        "Boolean": [True, False, 1, 0.0],
        "ID": ["id", 4, 5.0],
        "Color": ["RED", "GREEN", "PINK"],
        "Stamp": ["now", 3, ["a"], "nothing", "wrong"],
    }[type_][min(int(random.random() ** 2 * 6), 2)]


def _serialize_stamp(value: Any) -> Any:
    if value == "nothing":
        return None
    if value == "wrong":
        raise RefusalError("no stamp")
    return value if isinstance(value, str) else {"stamp": repr(type(value))}
