"""Gathered objects → the representations that show them to a subgraph.

Compiled once per plan: the way to the objects and the fields that are taken become
one Python function of plain loops. Names and keys enter its source as literals by
`repr`, so that nothing of an operation can become code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from router.plan.nodes import EACH, EntityInput, Path, Representation, Taken

Json = dict[str, Any]

ABSENT: Any = object()
"""What a field has that was never gathered; null was."""


@dataclass(slots=True)
class Shown:
    """What one input sends, and whom the answers are for.

    ``objects[n]`` gets the answer at ``indexes[n]``; equal representations are
    sent once, so an index may come several times.
    """

    sent: list[Json] = field(default_factory=list[Json])
    objects: list[Json] = field(default_factory=list[Json])
    indexes: list[int] = field(default_factory=list[int])


Collect = Callable[[Json, list[Json], list[Json], list[int]], None]


def compile_collect(given: EntityInput) -> Callable[[Json], Shown]:
    """Make the function that finds an input's objects and represents them.

    >>> users = EntityInput("r", "_e", ("users", "@"), (Representation(
    ...     (), "User", (Taken("id", "id", required=True),)),))
    >>> ada = {"id": 1}
    >>> shown = compile_collect(users)({"users": [ada, None, {"id": 1}, {}]})
    >>> shown.sent, shown.indexes, shown.objects[0] is ada
    ([{'__typename': 'User', 'id': 1}], [0, 0], True)
    """
    names: dict[str, Any] = {"ABSENT": ABSENT, "dumps": orjson.dumps}
    lines = ["def collect(v0, sent, objects, indexes):"]
    lines += [f"    seen{n} = {{}}" for n in range(len(given.representations))]
    depth, value = walk(given.path, lines)
    lines.append(f"{depth}o = {value}")
    if any(each.types for each in given.representations):
        lines.append(f"{depth}t = o.get('__typename')")
    for number, each in enumerate(given.representations):
        lines += represent(each, number, depth, names)
    exec("\n".join(lines), names)  # noqa: S102 - our own source; see the module
    collect = cast("Collect", names["collect"])

    def shown(root: Json) -> Shown:
        found = Shown()
        collect(root, found.sent, found.objects, found.indexes)
        return found

    return shown


def walk(path: Path, lines: list[str]) -> tuple[str, str]:
    """Write the loops that lead to the objects at a path.

    Returns the indentation inside them, and the variable that holds an object.
    """
    depth, number = "    ", 0
    for step in path:
        value = f"v{number}"
        if step == EACH:
            lines.append(f"{depth}if {value}.__class__ is list:")
            lines.append(f"{depth}  for v{number + 1} in {value}:")
            depth += "    "
            number += 1
        elif isinstance(step, str):
            lines.append(f"{depth}if {value}.__class__ is dict:")
            lines.append(f"{depth}    v{number + 1} = {value}.get({step!r})")
            depth += "    "
            number += 1
        else:
            among = f"{value}.get('__typename', None) in {step.types!r}"
            lines.append(f"{depth}if {value}.__class__ is dict and {among}:")
            depth += "    "
    lines.append(f"{depth}if v{number}.__class__ is dict:")
    return depth + "    ", f"v{number}"


def represent(
    each: Representation, number: int, depth: str, names: dict[str, Any]
) -> list[str]:
    """Write what is done with one object that this representation serves."""
    word = "elif" if number else "if"
    test = f"t in {each.types!r}" if each.types else "True"
    lines = [f"{depth}{word} {test}:"]
    inner = depth + "    "
    if all(not taken.fields and not taken.on for taken in each.fields):
        lines += take_leaves(each, number, inner)
    else:
        names[f"build{number}"] = compile_build(each)
        lines += [
            f"{inner}r = build{number}(o)",
            f"{inner}if r is not None:",
            f"{inner}    k = dumps(r)",
            *send_once(number, inner + "    ", "r"),
        ]
    return lines


def take_leaves(each: Representation, number: int, depth: str) -> list[str]:
    """Write the common case, keys of plain values, without a call per object."""
    lines: list[str] = []
    tests: list[str] = []
    pairs = [f"'__typename': {each.typename!r}"]
    for index, taken in enumerate(each.fields):
        value = f"f{index}"
        default = "" if taken.required else ", ABSENT"
        lines.append(f"{depth}{value} = o.get({taken.key!r}{default})")
        nothing = "None" if taken.required else "ABSENT"
        tests.append(f"{value} is not {nothing}")
        pairs.append(f"{taken.name!r}: {value}")
    values = ", ".join(f"f{index}" for index in range(len(each.fields)))
    key = values if len(each.fields) == 1 else f"({values})"
    made = "{" + ", ".join(pairs) + "}"
    plain = " and ".join(
        f"f{index}.__class__ in PLAIN" for index in range(len(each.fields))
    )
    lines.append(f"{depth}if {' and '.join(tests) or 'True'}:")
    inner = depth + "    "
    # A custom scalar may hold lists and objects, which no dictionary takes as keys.
    plain = plain.replace("PLAIN", "(str, int, float, bool, None.__class__)")
    lines.append(f"{inner}k = {key} if {plain or 'True'} else dumps({made})")
    return lines + send_once(number, inner, made)


def send_once(number: int, depth: str, made: str) -> list[str]:
    """Write: send it unless an equal one was sent, and note who gets the answer."""
    return [
        f"{depth}i = seen{number}.get(k)",
        f"{depth}if i is None:",
        f"{depth}    i = seen{number}[k] = len(sent)",
        f"{depth}    sent.append({made})",
        f"{depth}objects.append(o)",
        f"{depth}indexes.append(i)",
    ]


def compile_build(each: Representation) -> Callable[[Json], Json | None]:
    """Make the function that rebuilds nested or type-dependent fields.

    It gives None for an object that cannot be shown: a key is null or missing, or
    a required field was never gathered.
    """

    def build(gathered: Json) -> Json | None:
        made = take(gathered, each.fields)
        return None if made is ABSENT else {"__typename": each.typename, **made}

    return build


def take(gathered: Json, fields: tuple[Taken, ...]) -> Any:
    """Rebuild the taken fields of one object, or give `ABSENT`.

    >>> fields = (Taken("org", "_o", (Taken("id", "id", required=True),)),)
    >>> take({"_o": [{"id": 1, "name": "x"}]}, fields)
    {'org': [{'id': 1}]}
    """
    made: Json = {}
    for taken in fields:
        if taken.on and gathered.get("__typename") not in taken.on:
            continue
        value = gathered.get(taken.key, ABSENT)
        if value is ABSENT or (value is None and taken.required):
            return ABSENT
        if taken.fields and value is not None:
            value = take_nested(value, taken.fields)
            if value is ABSENT:
                return ABSENT
        made[taken.name] = value
    return made


def take_nested(value: Any, fields: tuple[Taken, ...]) -> Any:
    """Rebuild an object, or each object of a list (of lists)."""
    if isinstance(value, list):
        elements = cast("list[Any]", value)
        made = [None if e is None else take_nested(e, fields) for e in elements]
        return ABSENT if any(e is ABSENT for e in made) else made
    return take(cast("Json", value), fields) if isinstance(value, dict) else ABSENT


def paths_of(root: Json, path: Path) -> list[tuple[tuple[str | int, ...], Json]]:
    """Find the objects at a path together with where each lies.

    In the order in which a compiled function finds them; only errors need it.

    >>> paths_of({"users": [{"id": 1}, None]}, ("users", "@"))
    [(('users', 0), {'id': 1})]
    """
    found: list[tuple[tuple[str | int, ...], Any]] = [((), root)]
    for step in path:
        if step == EACH:
            found = [
                ((*where, index), element)
                for where, value in found
                if isinstance(value, list)
                for index, element in enumerate(cast("list[Any]", value))
            ]
        elif isinstance(step, str):
            found = [
                ((*where, step), value.get(step))
                for where, value in found
                if isinstance(value, dict)
            ]
        else:
            found = [
                (where, value)
                for where, value in found
                if isinstance(value, dict) and value.get("__typename") in step.types
            ]
    return [(where, value) for where, value in found if isinstance(value, dict)]
