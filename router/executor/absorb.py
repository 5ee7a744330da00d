"""What a subgraph answered → into the gathered data; its errors → the client's.

A subgraph's error path speaks of its own answer (``_entities``, 3, ``name``); here it
becomes the path in the client's answer, once for every object that it is about.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Protocol

from router.errors import ClientPath, Problem
from router.executor.answers import entities_of
from router.executor.compile import CompiledFetch, CompiledInput
from router.executor.faults import (
    SubgraphFault,
    at_each,
    malformed,
)
from router.executor.merge import merge, rename, renamed_path
from router.executor.representations import Shown, paths_of

Json = dict[str, Any]


MOST_PROBLEMS = 1_000
"""Told of one answer: one error about objects at many places is told at each."""


class Basket(Protocol):
    """Where data and problems are gathered."""

    data: Json
    problems: list[Problem]


def absorb_root(
    fetch: CompiledFetch, data: Json | None, problems: list[Problem], into: Basket
) -> None:
    """Merge the answer to root fields."""
    if fetch.plan.at:
        absorb_below(fetch, data, problems, into)
        return
    renames = fetch.plan.renames
    if data is not None:
        if renames:
            rename(data, renames)
        if into.data:
            merge(into.data, data)
        else:
            into.data.update(data)
    for problem in problems:
        if problem.path is None and data is None:
            into.problems += at_each(problem, root_paths(fetch))
        else:
            place = renamed_path(problem.path, renames) if problem.path else None
            into.problems.append(problem.at(place))


def absorb_below(
    fetch: CompiledFetch, data: Json | None, problems: list[Problem], into: Basket
) -> None:
    """Merge root fields into every object that is of the query type again."""
    renames = fetch.plan.renames
    if data is not None and renames:
        rename(data, renames)
    for place, known in paths_of(into.data, fetch.plan.at):
        if data is not None:
            merge(known, deepcopy(data))
        for problem in problems:
            below = renamed_path(problem.path, renames) if problem.path else ()
            into.problems.append(problem.at((*place, *below)))


def absorb_entities(
    fetch: CompiledFetch,
    shown: list[Shown],
    data: Json | None,
    problems: list[Problem],
    into: Basket,
) -> None:
    """Merge each entity into the objects that it was asked for.

    Raises:
        SubgraphFault: what came back is not one entity per representation.

    """
    if data is not None:
        for each, its in zip(fetch.inputs, shown, strict=True):
            if its.sent and not (problems and data.get(each.plan.response_key) is None):
                absorb_input(fetch, each, its, data)
    if problems:
        into.problems += placed(fetch, shown, problems, into.data, lost=data is None)


def absorb_input(
    fetch: CompiledFetch, each: CompiledInput, shown: Shown, data: Json
) -> None:
    """Merge the entities of one input.

    Raises:
        SubgraphFault: they are not one object or null per representation.

    """
    service, nested = fetch.plan.service, each.nested
    entities = entities_of(data, each.plan.response_key, len(shown.sent), service)
    if each.plan.renames:
        for entity in entities:
            rename(entity, each.plan.renames)
    if not nested and not each.apart and all(one.__class__ is dict for one in entities):
        brought = dict(zip(shown.places, entities, strict=True))
        for known, key in zip(shown.objects, shown.keys, strict=True):
            known.update(brought[key])
        return
    places = shown.places
    for known, key in zip(shown.objects, shown.keys, strict=True):
        entity = entities[places[key]]
        if entity.__class__ is dict:
            merge_into(known, entity, nested, apart=each.apart)
        elif entity is not None:
            raise malformed(service, "one of its entities is not an object")


def merge_into(
    known: Json, entity: Json, nested: frozenset[str], *, apart: bool
) -> None:
    """Merge an entity that has objects of its own."""
    if apart:
        entity = deepcopy(entity)
    if known.keys().isdisjoint(nested):
        known.update(entity)
    else:
        merge(known, entity)


def place_fault(
    fetch: CompiledFetch, shown: list[Shown], fault: SubgraphFault, into: Basket
) -> None:
    """Say of every object (or root field) that the fetch was for what it lost."""
    if not fetch.inputs:
        roots = [place for place, _ in paths_of(into.data, fetch.plan.at)]
        paths = [(*place, *root) for place in roots for root in root_paths(fetch)]
        into.problems += at_each(fault.problem(), paths)
        return
    into.problems += at_each(fault.problem(), all_objects(fetch, shown, into.data))


def all_objects(
    fetch: CompiledFetch, shown: list[Shown], root: Json
) -> list[ClientPath]:
    """Find where every object lies that a fetch was for."""
    paths: dict[ClientPath, None] = {}
    for each, its in zip(fetch.inputs, shown, strict=True):
        paths.update(dict.fromkeys(object_paths(each, its, root)))
    return list(paths)


def root_paths(fetch: CompiledFetch) -> Iterable[ClientPath]:
    """Name the root fields of a fetch."""
    return [renamed_path((key,), fetch.plan.renames) for key in fetch.roots]


def placed(
    fetch: CompiledFetch,
    shown: list[Shown],
    problems: list[Problem],
    root: Json,
    *,
    lost: bool,
) -> list[Problem]:
    """Move problems from entities to the objects they were asked for.

    Where the whole answer is ``lost``, an error without a place is about them all.
    """
    inputs = {each.plan.response_key: n for n, each in enumerate(fetch.inputs)}
    known: dict[int, list[ClientPath]] = {}
    found: list[Problem] = []
    for problem in problems:
        if len(found) >= MOST_PROBLEMS:
            break
        path = problem.path or ()
        number = inputs.get(str(path[0])) if path else None
        if number is None:
            paths = all_objects(fetch, shown, root) if lost else []
            found += at_each(problem, paths)
            continue
        each, its = fetch.inputs[number], shown[number]
        if number not in known:
            known[number] = object_paths(each, its, root)
        found += about(problem, path[1:], each, its, known[number])
    return found


def about(
    problem: Problem,
    rest: ClientPath,
    each: CompiledInput,
    shown: Shown,
    paths: list[ClientPath],
) -> list[Problem]:
    """Repeat a problem for the objects of one entity, or of all if it names none."""
    if not rest or not isinstance(rest[0], int):
        return at_each(problem, paths)
    below = renamed_path(rest[1:], each.plan.renames)
    mine = [
        (*path, *below)
        for path, index in zip(paths, shown.indexes, strict=False)
        if index == rest[0]
    ]
    return at_each(problem, mine)


def object_paths(each: CompiledInput, shown: Shown, root: Json) -> list[ClientPath]:
    """Find where each shown object lies, in the order in which it was shown."""
    found: list[ClientPath] = []
    objects = iter(shown.objects)
    wanted = next(objects, None)
    for place in each.plan.paths:
        for path, value in paths_of(root, place):
            if value is wanted:
                found.append(path)
                wanted = next(objects, None)
    return found
