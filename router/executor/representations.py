"""Gathered objects → the representations that show them to a subgraph.

Compiled once per plan: the way to the objects, and the key of each, become functions
of two comprehensions that take for granted that all is there. Where something is not (a
failed fetch, an odd answer) these raise, and plain loops do the same with care. Names
and keys enter the source as literals by `repr`: nothing of an operation can become
code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from router.plan.nodes import EACH, Path, Representation, Taken

Json = dict[str, Any]

ABSENT: Any = object()
"""What a field has that was never gathered; null was."""


@dataclass(slots=True)
class Shown:
    """What one input sends, and whom the answers are for.

    ``objects[n]`` has the key ``keys[n]``, and its answer is the one at
    ``places[keys[n]]``: equal representations are sent once.
    """

    sent: list[Json] = field(default_factory=list[Json])
    objects: list[Json] = field(default_factory=list[Json])
    keys: list[Any] = field(default_factory=list[Any])
    places: dict[Any, int] = field(default_factory=dict[Any, int])

    @property
    def indexes(self) -> list[int]:
        """Say for each object which answer is its own."""
        return [self.places[key] for key in self.keys]


Find = Callable[[Json], list[Json]]
Show = Callable[[list[Json]], Shown]


def compile_find(path: Path, *also: Path) -> Find:
    """Make the function that finds the objects at a path, and then at others.

    >>> ada = {"id": 1}
    >>> find = compile_find(("users", "@"))
    >>> find({"users": [ada, None]})[0] is ada, find({"users": None}), find({})
    (True, [], [])
    """
    if also:
        finds = [compile_find(one) for one in (path, *also)]
        return lambda root: [found for find in finds for found in find(root)]
    loops, last = write_loops(path)
    source = FIND.format(found=f"[{last} {loops}]")
    return load("find", source, paths_of=paths_of, path=path)


FIND = """
def find(v0):
    try:
        return {found}
    except (KeyError, TypeError, AttributeError):
        return [found for _, found in paths_of(v0, path)]
"""


def write_loops(path: Path) -> tuple[str, str]:
    """Write the loops of a comprehension, and the name of the innermost object.

    Null on the way is no surprise, and ends that way.

    >>> write_loops(("users", "@"))[0]
    "for v1 in (v0['users'],) if v1 is not None for v2 in v1 if v2 is not None"
    """
    words: list[str] = []
    number = 0
    for step in path:
        value, inner = f"v{number}", f"v{number + 1}"
        if not isinstance(step, str):
            words.append(f"if {value}['__typename'] in {step.types!r}")
            continue
        among = value if step == EACH else f"({value}[{step!r}],)"
        words.append(f"for {inner} in {among} if {inner} is not None")
        number += 1
    return " ".join(words) if words else "for v0 in (v0,)", f"v{number}"


def compile_show(representations: tuple[Representation, ...]) -> Show:
    """Make the function that represents objects.

    >>> key = Taken("id", "id", required=True)
    >>> show = compile_show((Representation((), "User", (key,)),))
    >>> shown = show([{"id": 1}, {"id": 2}, {"id": 1}])
    >>> shown.sent[1], shown.indexes, show([{}, {"id": None}]).sent
    ({'__typename': 'User', 'id': 2}, [0, 1, 0], [])
    """
    only = representations[0] if len(representations) == 1 else None
    if only is None or only.types or not is_plain(only):
        return lambda objects: show_each(objects, representations)
    one = len(only.fields) == 1
    needed = [n for n, taken in enumerate(only.fields) if taken.required]
    missing = " or ".join("k is None" if one else f"k[{n}] is None" for n in needed)
    source = SHOW.format(
        key=write_key(only), missing=missing or "False", made=write_made(only)
    )
    return load("show", source, show_each=show_each, given=representations, Shown=Shown)


SHOW = """
def show(objects):
    try:
        keys = [{key} for o in objects]
        places = dict.fromkeys(keys)
    except (KeyError, TypeError):
        return show_each(objects, given)
    number = 0
    for k in places:
        if {missing}:
            return show_each(objects, given)
        places[k] = number
        number += 1
    return Shown([{made} for k in places], objects, keys, places)
"""


def is_plain(given: Representation) -> bool:
    """Say whether every field is taken as it is, whatever the object's type."""
    plain = all(not taken.fields and not taken.on for taken in given.fields)
    # A lone key must be required: null would then not be sent.
    return plain and (len(given.fields) > 1 or any(t.required for t in given.fields))


def write_key(given: Representation) -> str:
    """Write what makes two objects the same to the subgraph."""
    values = [f"o[{taken.key!r}]" for taken in given.fields]
    return values[0] if len(values) == 1 else f"({', '.join(values)})"


def write_made(given: Representation) -> str:
    """Write the representation of one key."""
    one = len(given.fields) == 1
    pairs = [
        f"{taken.name!r}: {'k' if one else f'k[{number}]'}"
        for number, taken in enumerate(given.fields)
    ]
    return f"{{'__typename': {given.typename!r}, {', '.join(pairs)}}}"


def load(name: str, source: str, **known: Any) -> Callable[..., Any]:
    """Load one function of ours, which may use what is known."""
    exec(source, known)  # noqa: S102 - see the module
    return cast("Callable[..., Any]", known[name])


def show_each(
    objects: list[Json], representations: tuple[Representation, ...]
) -> Shown:
    """Represent objects one by one, leaving out those that cannot be shown."""
    shown = Shown()
    for value in objects:
        made = represent(value, representations)
        if made is None:  # also for what should be an object and is none
            continue
        key = orjson.dumps(made)
        place = shown.places.setdefault(key, len(shown.sent))
        if place == len(shown.sent):
            shown.sent.append(made)
        shown.objects.append(value)
        shown.keys.append(key)
    return shown


def represent(
    given: object, representations: tuple[Representation, ...]
) -> Json | None:
    """Represent one object by the first that serves it; None if that cannot be."""
    if not isinstance(given, dict):
        return None
    value = cast("Json", given)
    kind = value.get("__typename")
    for each in representations:
        if not each.types or kind in each.types:
            made = take(value, each.fields)
            return None if made is ABSENT else {"__typename": each.typename, **made}
    return None


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
