"""Random supergraphs: types, and who owns which field."""

import random

from tests.support.worlds.data import fill_world
from tests.support.worlds.model import KEYS, Kind, Part, World
from tests.support.worlds.nulls import keep_whole


def make_world(seed: int) -> World:
    """Invent a world; not every one composes."""
    return _Maker(seed).world


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        names = list("abcd")[: self.random.randint(2, 4)]
        self.world = World(seed, names, {}, {})
        self.entities()
        self.values()
        self.abstract()
        self.interface_object()
        for kind in list(self.world.kinds.values()):
            if kind.kind in ("entity", "value") and kind.name != "R":
                self.parts(kind)
        self.requirements()
        self.overrides()
        self.roots()
        self.provisions()
        fill_world(self.world, self.random)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: list[str], least: int = 1) -> list[str]:
        count = self.random.randint(min(least, len(items)), len(items))
        chosen = self.random.sample(items, count)
        return [one for one in items if one in chosen]

    def entities(self) -> None:
        for number in range(self.random.randint(2, 4)):
            kind = Kind(f"E{number}", "entity")
            kind.subgraphs = self.some(self.world.subgraphs, 2)
            for subgraph in kind.subgraphs:
                kind.keys[subgraph] = list(self.random.choice(KEYS))
            self.key_parts(kind)
            self.world.kinds[kind.name] = kind

    def key_parts(self, kind: Kind) -> None:
        for name, base in (("id", "ID"), ("code", "String"), ("ref", "R")):
            owners = [
                subgraph
                for subgraph in kind.subgraphs
                if any(name in key.split() for key in kind.keys[subgraph])
            ]
            if owners:
                kind.parts[name] = Part(name, base, "{}!", owners)
                if name == "ref":
                    ref = self.world.kinds.setdefault("R", Kind("R", "value"))
                    ref.subgraphs = [
                        one
                        for one in self.world.subgraphs
                        if one in owners or one in ref.subgraphs
                    ]
                    for inner in ("k", "l"):
                        ref.parts[inner] = Part(inner, "ID", "{}!", ref.subgraphs)

    def values(self) -> None:
        for number in range(self.random.randint(1, 2)):
            kind = Kind(f"V{number}", "value")
            kind.subgraphs = self.some(self.world.subgraphs)
            self.world.kinds[kind.name] = kind

    def abstract(self) -> None:
        entities = [one for one in self.world.kinds.values() if one.kind == "entity"]
        union = Kind("U", "union")
        interface = Kind("I", "interface")
        chosen = self.some([one.name for one in entities], 2)
        for name in chosen:
            kind = self.world.kinds[name]
            kind.parts["tag"] = Part("tag", "String", "{}", self.owners(kind))
        for subgraph in self.world.subgraphs:
            here = [one.name for one in entities if subgraph in one.subgraphs]
            members = [x for x in here if x in chosen and self.chance(0.85)]
            shared = [
                name
                for name in ("id", "tag")
                if all(
                    subgraph
                    in getattr(self.world.kinds[one].parts.get(name), "owners", ())
                    for one in members
                )
            ]
            if members and shared:
                interface.members[subgraph] = members
            if here and self.chance(0.7):
                union.members[subgraph] = self.some(here)
        for kind in (union, interface):
            kind.subgraphs = list(kind.members)
            if kind.members:
                self.world.kinds[kind.name] = kind

    def interface_object(self) -> None:
        if len(self.world.subgraphs) < 2 or not self.chance(0.4):
            return
        home, *others = self.random.sample(self.world.subgraphs, 2)
        kind = Kind("J", "interface")
        kind.subgraphs = [home, *others]
        kind.object_in = others
        for number in range(2):
            member = Kind(f"K{number}", "entity", subgraphs=[home])
            member.keys[home] = ["id"]
            self.key_parts(member)
            member.parts["own"] = Part("own", "String", "{}", [home])
            self.world.kinds[member.name] = member
        kind.members[home] = ["K0", "K1"]
        kind.keys = {name: ["id"] for name in kind.subgraphs}
        for number in range(2):
            part = Part(f"j{number}", "String", "{}", others, argument=self.chance(0.3))
            kind.parts[part.name] = part
        kind.parts["id"] = Part("id", "ID", "{}!", kind.subgraphs)
        self.world.kinds["J"] = kind

    def owners(self, kind: Kind) -> list[str]:
        if self.chance(0.7):
            return [self.random.choice(kind.subgraphs)]
        return self.some(kind.subgraphs)

    def parts(self, kind: Kind) -> None:
        for number in range(self.random.randint(2, 4)):
            base = self.random.choice(["String", "Int", "String"])
            wrap = self.random.choice(["{}", "{}", "{}!", "[{}!]"])
            part = Part(f"f{number}", base, wrap, self.owners(kind))
            if kind.kind == "value" and self.chance(0.6):
                part.owners = list(kind.subgraphs)
            part.argument = self.chance(0.2)
            if wrap == "{}" and len(part.owners) > 1 and self.chance(0.3):
                part.strict_in = [self.random.choice(part.owners)]
            chances = {"{}": 0.15, "{}!": 0.04}
            part.failing = not part.strict_in and self.chance(chances.get(wrap, 0))
            kind.parts[part.name] = part
        for number in range(self.random.randint(1, 2)):
            owners = self.owners(kind)
            common = [
                name
                for name, other in self.world.kinds.items()
                if all(owner in other.subgraphs for owner in owners)
            ]
            if not common or (kind.kind == "value" and self.chance(0.5)):
                continue
            base = self.random.choice(common)
            if kind.kind == "value" and base.startswith("V"):
                continue
            wrap = self.random.choice(["{}", "{}", "[{}]", "[{}!]!", "[[{}]!]"])
            kind.parts[f"c{number}"] = Part(f"c{number}", base, wrap, owners)

    def requirements(self) -> None:
        for kind in self.world.kinds.values():
            if kind.kind != "entity":
                continue
            for number in range(self.random.randint(0, 2)):
                subgraph = self.random.choice(kind.subgraphs)
                texts: list[str] = []
                for part in list(kind.parts.values()):
                    text = self.required(part, subgraph)
                    if text and self.chance(0.5):
                        if subgraph not in part.external:
                            part.external.append(subgraph)
                        part.failing = False
                        keep_whole(self.world, part)
                        texts.append(text)
                if texts:
                    name = f"r{number}"
                    kind.parts[name] = made = Part(name, "String", "{}", [subgraph])
                    made.requires = " ".join(texts)

    def required(self, part: Part, subgraph: str) -> str:
        """Write how a field would be required by a subgraph that has it not."""
        if subgraph in part.owners or part.name in ("id", "code", "ref"):
            return ""
        if not part.composite:
            number = self.random.randint(1, 2)
            return f"{part.name}(n: {number})" if part.argument else part.name
        other = self.world.kinds[part.base]
        nested = part.wrap.startswith("[[")
        if subgraph not in other.subgraphs or other.object_in or nested:
            return ""
        inner = self.inside(other, subgraph, lists=part.wrap.startswith("["))
        return f"{part.name} {{ {inner} }}" if inner else ""

    def inside(self, other: Kind, subgraph: str, *, lists: bool) -> str:
        """Write what is required below a composite field."""
        if other.kind == "entity" and not lists:
            return self.leaf_of_entity(other, subgraph)
        if other.kind == "value":
            names = [
                one.name
                for one in other.parts.values()
                if subgraph in one.owners and not one.composite and not one.argument
            ]
            for name in names:
                other.parts[name].failing = False
            return " ".join(self.some(names)) if names else ""
        members = other.members.get(subgraph, []) if other.name == "I" else []
        tags = [self.world.kinds[one].parts["tag"] for one in members]
        return "tag" if tags and all(subgraph in tag.owners for tag in tags) else ""

    def leaf_of_entity(self, other: Kind, subgraph: str) -> str:
        """Choose a leaf of another entity; the subgraph only refers to it."""
        leaves = [
            one
            for one in other.parts.values()
            if not (one.composite or one.argument or one.requires or one.override)
            and one.name not in ("id", "code")
        ]
        if not leaves:
            return ""
        leaf = self.random.choice(leaves)
        leaf.failing = False
        if subgraph not in leaf.owners and subgraph not in leaf.external:
            leaf.external.append(subgraph)
        return leaf.name

    def overrides(self) -> None:
        for kind in self.world.kinds.values():
            for part in kind.parts.values():
                used = {*part.owners, *part.external}
                old = [one for one in kind.subgraphs if one not in used]
                movable = kind.kind == "entity" and part.name.startswith("f")
                if movable and len(part.owners) == 1 and old and self.chance(0.12):
                    part.override = (part.owners[0], self.random.choice(old))
                    if self.chance(0.5):
                        part.label = f"percent({len(self.world.labels) + 1})"
                        self.world.labels.append(part.label)

    def roots(self) -> None:
        root = Kind("Query", "root", subgraphs=self.world.subgraphs)
        for subgraph in self.world.subgraphs:
            here = [
                name
                for name, kind in self.world.kinds.items()
                if subgraph in kind.subgraphs and kind.kind != "value"
            ]
            for number in range(self.random.randint(1, 2)):
                if here:
                    base = self.random.choice(here)
                    wrap = self.random.choice(["{}", "[{}!]!", "[{}]"])
                    name = f"{subgraph}{number}"
                    root.parts[name] = Part(name, base, wrap, [subgraph])
        shared = [
            name
            for name, kind in self.world.kinds.items()
            if len(kind.subgraphs) > 1 and not kind.object_in
        ]
        if shared and self.chance(0.6):
            base = self.random.choice(shared)
            owners = self.some(self.world.kinds[base].subgraphs, 2)
            root.parts["shared"] = Part("shared", base, "[{}!]!", owners)
        self.world.kinds["Query"] = root
        writes = Kind("Mutation", "root", subgraphs=self.world.subgraphs)
        for part in list(root.parts.values()):
            if self.chance(0.7):
                owners = part.owners[:1]
                name = "do_" + part.name
                writes.parts[name] = Part(name, part.base, part.wrap, owners)
        if writes.parts:
            self.world.kinds["Mutation"] = writes

    def provisions(self) -> None:
        for kind in list(self.world.kinds.values()):
            for part in kind.parts.values():
                target = self.world.kinds.get(part.base)
                if target is None or len(part.owners) != 1:
                    continue
                subgraph = part.owners[0]
                members, condition = target.members.get(subgraph, []), ""
                if members and not target.object_in:
                    target = self.world.kinds[self.random.choice(members)]
                    condition = target.name
                if target.kind != "entity":
                    continue
                leaves = [
                    one
                    for one in target.parts.values()
                    if not one.composite
                    and not one.argument
                    and not one.override
                    and not one.requires
                    and subgraph not in one.owners
                    and one.name not in ("id", "code", "ref")
                ]
                if leaves and self.chance(0.3):
                    leaf = self.random.choice(leaves)
                    if subgraph not in leaf.external:
                        leaf.external.append(subgraph)
                    leaf.provided_in.append(subgraph)
                    leaf.failing = False
                    on = f"... on {condition} {{ {leaf.name} }}"
                    part.provides[subgraph] = on if condition else leaf.name
