"""Fields whose arguments come from ancestors: asked once for each of their values."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import orjson

from router.errors import ClientPath, Problem
from router.executor.absorb import MOST_PROBLEMS
from router.executor.compile import CompiledFetch, CompiledInput, all_hold, body_start
from router.executor.pieces import Piece, Pieces
from router.executor.representations import ABSENT, Shown, represent
from router.plan.nodes import EACH, Contextual, Path, PathStep, Taken

if TYPE_CHECKING:
    from router.executor.execute import Run

Json = dict[str, Any]

Trail = tuple[ClientPath, tuple[Any, ...]]
"""Where an object lies, and every value on the way to it, itself the last."""

MOST_IN_ONE = 50
"""`_entities` in one request; for more values there are more requests, side by side."""

NULL_VALUE = "CONTEXTUAL_ARGUMENT_NULL"


@dataclass(slots=True)
class Alike:
    """Objects of one input that have the same values, and what is shown of them."""

    number: int
    values: list[Any]
    objects: list[Json] = field(default_factory=list[Json])
    shown: Shown = field(default_factory=Shown)


async def ask_by_values(run: "Run", fetch: CompiledFetch, pieces: Pieces) -> None:
    """Ask about objects of equal values together, and in one request if it goes."""
    found: list[Alike] = []
    for number, each in enumerate(fetch.inputs):
        guards = each.plan.guards
        if guards and not all_hold(guards, run.conditions):
            continue
        if each.plan.contextual:
            problems = run.gathered.problems
            groups = by_values(number, each, run.gathered.data, fetch, problems)
        else:
            groups = [Alike(number, [], run.objects(each))]
        for alike in groups:
            alike.shown = each.show(alike.objects)
            if alike.shown.sent:
                found.append(alike)
    batches = [found[at : at + MOST_IN_ONE] for at in range(0, len(found), MOST_IN_ONE)]
    asked = [ask_batch(run, fetch, pieces, batch) for batch in batches]
    if len(asked) == 1:
        await asked[0]
    elif asked:
        await asyncio.gather(*asked)


async def ask_batch(
    run: "Run", fetch: CompiledFetch, pieces: Pieces, batch: list[Alike]
) -> None:
    """Write one request for some of the values, and carry it out."""
    copies: dict[int, int] = {}
    variables: Json = {}
    chosen: list[Piece] = []
    inputs: list[CompiledInput] = []
    for alike in batch:
        copy = copies[alike.number] = copies.get(alike.number, -1) + 1
        piece = pieces.piece(alike.number, copy)
        chosen.append(piece)
        inputs.append(replace(fetch.inputs[alike.number], plan=piece.plan))
        variables[piece.plan.variable] = alike.shown.sent
        for one, value in zip(piece.plan.contextual, alike.values, strict=True):
            variables[one.variable] = value
    given = run.variables
    names = pieces.variables(chosen)
    variables.update({name: given[name] for name in names if name in given})
    plan = replace(
        fetch.plan,
        document=pieces.document(chosen),
        inputs=tuple(piece.plan for piece in chosen),
    )
    one_request = replace(fetch, plan=plan, inputs=tuple(inputs))
    body = b"%s%s}" % (body_start(plan), orjson.dumps(variables))
    await run.carry_out(one_request, body, [alike.shown for alike in batch])


def by_values(
    number: int,
    each: CompiledInput,
    root: Json,
    fetch: CompiledFetch,
    problems: list[Problem],
) -> list[Alike]:
    """Group an input's objects by the values that their ancestors have for it.

    Objects whose values were not gathered are left out; so are those for which a value
    is null where the argument allows none, which is a problem of each.
    """
    groups: dict[bytes, Alike] = {}
    told = 0
    for path in each.plan.paths:
        for place, trail in trails(root, path):
            values = [read_value(one, trail) for one in each.plan.contextual]
            if any(value is ABSENT for value in values):
                continue
            missing = [
                one
                for one, value in zip(each.plan.contextual, values, strict=True)
                if value is None and one.type.endswith("!")
            ]
            if not missing:
                alike = groups.setdefault(orjson.dumps(values), Alike(number, values))
                alike.objects.append(trail[-1])
            elif told < MOST_PROBLEMS and represent(
                trail[-1], each.plan.representations
            ):
                told += 1
                problems.append(null_value(missing[0], place, fetch.plan.service))
    return list(groups.values())


def null_value(missing: Contextual, place: ClientPath, service: str) -> Problem:
    """Say which argument has no value."""
    message = (
        f"The argument '{missing.name}' must not be null, "
        "and what it is read from is null here."
    )
    extensions = {"code": NULL_VALUE, "service": service}
    return Problem(message, (*place, missing.key), extensions)


def read_value(value: Contextual, trail: tuple[Any, ...]) -> Any:
    """Read an argument's value from the ancestor among what led to an object."""
    return read(trail[len(trail) - 1 - value.up], value.taken)


def read(holder: Any, taken: tuple[Taken, ...]) -> Any:
    """Read what the first part that is for an object's type leads to, or `ABSENT`.

    >>> one, two = Taken("x", "x", on=("A",)), Taken("y", "_y", on=("B",))
    >>> read({"__typename": "B", "_y": 2}, (one, two)), read({"_y": 2}, (one, two))
    (2, None)
    """
    if isinstance(holder, list):
        found = [read(each, taken) for each in cast("list[Any]", holder)]
        return ABSENT if any(each is ABSENT for each in found) else found
    if not isinstance(holder, dict):
        return None
    known = cast("Json", holder)
    for one in taken:
        for_it = not one.on or known.get("__typename") in one.on
        if one.name != "__typename" and for_it:
            value = known.get(one.key, ABSENT)
            inside = one.fields and value is not ABSENT
            return read(value, one.fields) if inside else value
    return None


def trails(root: Json, path: Path) -> list[Trail]:
    """Find the objects at a path, each with its place and all that leads to it.

    A trail has one value more than the path has steps; the last is the object. They
    come in the order in which objects are found elsewhere.

    >>> trails({"users": [{"id": 1}, None]}, ("users", "@"))[0][0]
    ('users', 0)
    """
    found: list[Trail] = [((), (root,))]
    for step in path:
        found = [longer for trail in found for longer in stepped(trail, step)]
    return [(place, trail) for place, trail in found if isinstance(trail[-1], dict)]


def stepped(found: Trail, step: PathStep) -> Iterator[Trail]:
    """Follow one step of a path from the end of a trail."""
    place, trail = found
    value = trail[-1]
    if step == EACH:
        elements = cast("list[Any]", value) if isinstance(value, list) else []
        for at, each in enumerate(elements):
            yield (*place, at), (*trail, each)
    elif isinstance(value, dict):
        known = cast("Json", value)
        if isinstance(step, str):
            yield (*place, step), (*trail, known.get(step))
        elif known.get("__typename") in step.types:
            yield place, (*trail, known)
