"""A world's SDL: one document for each subgraph, and one for the whole."""

from tests.support.worlds.model import Kind, Part, World

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", \
import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", \
"@interfaceObject"])
"""


def subgraph_sdl(world: World, subgraph: str) -> str:
    """Write what one subgraph declares."""
    kinds = [_kind(world, kind, subgraph) for kind in world.kinds.values()]
    return LINK + "\n".join(text for text in kinds if text)


def whole_sdl(world: World) -> str:
    """Write the world as one schema that has everything."""
    texts: list[str] = []
    for kind in world.kinds.values():
        names = {part.name: part for part in kind.parts.values()}
        above = ""
        if kind.kind == "union":
            members = sorted({one for here in kind.members.values() for one in here})
            texts.append(f"union {kind.name} = {' | '.join(members)}")
            continue
        if kind.kind == "interface":
            names = _interface_parts(world, kind, None)
            texts.append(_block("interface", kind.name, "", names, None))
            continue
        for interface in world.kinds.values():
            members = {one for here in interface.members.values() for one in here}
            if interface.kind == "interface" and kind.name in members:
                above += f" & {interface.name}"
                if interface.object_in:
                    names = {**interface.parts, **names}
        implements = f" implements{above[2:]}" if above else ""
        texts.append(_block("type", kind.name, implements, names, None))
    return "\n".join(texts)


def _kind(world: World, kind: Kind, subgraph: str) -> str:
    if subgraph not in kind.subgraphs:
        return ""
    if kind.kind == "union":
        return f"union {kind.name} = {' | '.join(kind.members[subgraph])}"
    keys = "".join(f' @key(fields: "{key}")' for key in kind.keys.get(subgraph, []))
    if kind.kind == "interface":
        if subgraph in kind.object_in:
            parts = {
                name: part
                for name, part in kind.parts.items()
                if subgraph in part.owners or subgraph in part.external
            }
            note = " @interfaceObject" + keys
            return _block("type", kind.name, note, parts, subgraph)
        parts = _interface_parts(world, kind, subgraph)
        return _block("interface", kind.name, keys, parts, subgraph) if parts else ""
    parts = {
        name: part for name, part in kind.parts.items() if _declared(part, subgraph)
    }
    above = [
        other.name
        for other in world.kinds.values()
        if other.kind == "interface"
        and kind.name in other.members.get(subgraph, [])
        and _interface_parts(world, other, subgraph)
    ]
    implements = f" implements {' & '.join(above)}" if above else ""
    if not parts:
        return ""
    return _block("type", kind.name, implements + keys, parts, subgraph)


def _declared(part: Part, subgraph: str) -> bool:
    return (
        subgraph in part.owners
        or subgraph in part.external
        or (part.override is not None and part.override[1] == subgraph)
    )


def _interface_parts(world: World, kind: Kind, subgraph: str | None) -> dict[str, Part]:
    """Find the fields that all implementations have (in one subgraph)."""
    if kind.object_in:
        shared = ("id", "label")
        inside = {name: kind.parts[name] for name in shared if name in kind.parts}
        return inside if subgraph is not None else kind.parts
    if subgraph is None:
        every: dict[str, Part] = {}
        for name in kind.members:
            every.update(_interface_parts(world, kind, name))
        return every
    found: dict[str, Part] = {}
    for name in ("id", "tag"):
        parts = [world.kinds[one].parts.get(name) for one in kind.members[subgraph]]
        if all(part is not None and subgraph in part.owners for part in parts):
            part = parts[0]
            assert part is not None
            found[name] = part
    return found


def _block(
    word: str, name: str, note: str, parts: dict[str, Part], subgraph: str | None
) -> str:
    lines = [
        f"  {part.name}{'(n: Int = 0)' if part.argument else ''}: "
        + (part.type_in(subgraph) if subgraph else part.wrap.format(part.base))
        + (_directives(part, subgraph) if subgraph and word == "type" else "")
        for part in parts.values()
    ]
    return "\n".join([f"{word} {name}{note} {{", *lines, "}"])


def _directives(part: Part, subgraph: str) -> str:
    text = ""
    if subgraph in part.external and subgraph not in part.owners:
        return " @external"
    if len(part.owners) > 1:
        text += " @shareable"
    if part.requires and subgraph in part.owners:
        text += f' @requires(fields: "{part.requires}")'
    if subgraph in part.provides:
        text += f' @provides(fields: "{part.provides[subgraph]}")'
    if part.override is not None and part.override[0] == subgraph:
        label = f', label: "{part.label}"' if part.label else ""
        text += f' @override(from: "{part.override[1]}"{label})'
    return text
