"""One data set behind a random supergraph."""

import random
from typing import Any

from tests.support.worlds.model import Json, Kind, Part, World


def fill_world(world: World, rng: random.Random) -> None:
    """Invent the world's objects."""
    _Filler(world, rng).data()


class _Filler:
    def __init__(self, world: World, rng: random.Random) -> None:
        self.world = world
        self.random = rng

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def data(self) -> None:
        world = self.world
        for name, kind in world.kinds.items():
            if kind.kind == "entity":
                world.objects[name] = [
                    {"__typename": name, "number": number} for number in range(3)
                ]
        for name, rows in world.objects.items():
            for row in rows:
                self.fill(world.kinds[name], row, f"{name}-{row['number']}")
        for name in ("Query", "Mutation"):
            if name in world.kinds:
                self.fill(world.kinds[name], world.root, "root")

    def fill(self, kind: Kind, row: Json, label: str) -> None:
        parts = dict(kind.parts)
        interface = self.world.kinds.get("J")
        if interface and kind.name in interface.members[interface.subgraphs[0]]:
            parts = {**interface.parts, **parts}
        for part in parts.values():
            if part.requires:
                continue
            row[part.name] = self.wrapped(part, part.wrap, label)

    def wrapped(self, part: Part, wrap: str, label: str) -> Any:
        strict = wrap.endswith("!") or bool(part.strict_in)
        if not strict and self.chance(0.15):
            return None
        bare = wrap.removesuffix("!")
        if bare.startswith("["):
            inner = bare[1:-1]
            count = self.random.randint(0, 3) if self.known_types(part) else 0
            made = [self.wrapped(part, inner, label) for _ in range(count)]
            return made if part.composite else [one for one in made if one is not None]
        return self.value(part, label)

    def value(self, part: Part, label: str) -> Any:
        if part.base == "Int":
            return self.random.randint(0, 99)
        if not part.composite:
            return f"{label}.{part.name}"
        world, kind = self.world, self.world.kinds[part.base]
        if kind.kind == "value":
            row: Json = {"__typename": kind.name}
            self.fill(kind, row, f"{label}.{part.name}")
            return row
        names = self.known_types(part)
        if not names:
            return None
        return self.random.choice(world.objects[self.random.choice(names)])

    def known_types(self, part: Part) -> list[str]:
        """Name the types that all who can answer a field know at that place."""
        if part.base not in self.world.kinds:
            return [part.base]
        shared = [self.world.possible(part.base, owner) for owner in part.owners]
        return [name for name in shared[0] if all(name in other for other in shared)]
