"""Random operations over a random world."""

from random import Random
from typing import Any

from tests.support.jit_worlds import LEAVES, World


class Query:
    """A random valid-looking operation over a world, and its variables."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(seed)
        self.fragments: list[str] = []
        self.variables: dict[str, Any] = {
            "yes": True,
            "no": False,
            "maybe": self.random.random() < 0.5,
            "n": self.random.choice([1, None]),
            "box": {"tag": "t", "h": [1]},
        }
        if self.random.random() < 0.3:
            del self.variables["n"]
        kind, root = self.random.choice(
            [("query", "Query")] * 3 + [("mutation", "Mutation")]
        )
        body = self._selection(root, 3)
        self.text = (
            f"{kind} Q($yes: Boolean!, $no: Boolean! = true, $maybe: Boolean! = false,"
            f' $n: Int, $box: Box, $m: Int = 4, $id: ID! = "i") {body}\n'
            + "\n".join(self.fragments)
        )

    def _selection(self, type_: str, depth: int) -> str:
        parts = [self._part(type_, depth) for _ in range(self.random.randint(1, 4))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, type_: str, depth: int) -> str:
        roll = self.random.random()
        fields = self.world.fields[type_]
        if roll < 0.1 or (not fields and not depth):
            return "__typename"
        if roll < 0.2:
            return f"... {self._directive()} {self._selection(type_, depth)}"
        if depth and (roll < 0.35 or not fields):
            return self._fragment(type_, depth)
        if not fields:
            return "__typename"
        name = self.random.choice(list(fields))
        alias = self.random.choice(["", "", "", "x: ", "__class__: "])
        named = fields[name].strip("[]!")
        inner = ""
        if named not in LEAVES:
            if not depth:
                return "__typename"
            inner = self._selection(named, depth - 1)
        return (
            f"{alias}{name}{self._arguments(type_, name)} {self._directive()} {inner}"
        )

    def _fragment(self, type_: str, depth: int) -> str:
        world = self.world
        on = type_
        if type_ in world.abstract:
            on = self.random.choice([*world.objects, "Shape"])
        elif world.abstract and type_ in world.objects and self.random.random() < 0.4:
            on = "Shape"
        body = self._selection(on, depth - 1)
        if self.random.random() < 0.5:
            return f"... on {on} {self._directive()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {on} {body}")
        return f"...{name} {self._directive()}"

    def _directive(self) -> str:
        if self.random.random() < 0.8:
            return ""
        condition = self.random.choice(["$yes", "$no", "$maybe", "true", "false"])
        return f"@{self.random.choice(['skip', 'include'])}(if: {condition})"

    def _arguments(self, type_: str, name: str) -> str:
        holder: Any = self.world.schema.type_map[type_]
        options = {
            "a": ["1", "$n", "$m", "null", '"bad"'],
            "b": ['"b"', '"\\"quoted\\" {field}"', "null"],
            "c": ["$box", '{tag: "x"}', "{tag: $n, w: $n}", "{w: 1}", "null"],
            "d": ["[BLUE]", "GREEN", "[]", "[PINK]"],
            "e": ["$id", '"e"', "5"],
            "h": ["1", "1.5", "$m"],
        }
        given = [
            f"{argument}: {self.random.choice(options[argument])}"
            for argument in holder.fields[name].args
            if self.random.random() < 0.7
        ]
        return f"({', '.join(given)})" if given else ""
