"""Deferred parts in planning: subgraphs asked apart, and the plan they come to.

Each deferred part sees every subgraph as one of its own, which no root field but a
deferred one, and otherwise only keys, lead to. So what is deferred comes from requests
of its own wherever that is possible, and the planner need not know more of it than
which subgraphs a field may come from.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from router.graph.model import Graph
from router.operation.model import Operation, SelectionSet
from router.plan.nodes import Deferred, Fetch, QueryPlan
from router.planner.state import Layers

Chosen = Callable[[Fetch], bool]


def layers_of(graph: Graph, operation: Operation) -> dict[str, int]:
    """Name the subgraphs of each deferred part; none where nothing is deferred."""
    return {
        f"{subgraph}#{defer.number}": defer.number
        for defer in operation.defers
        for subgraph in graph.subgraphs
    }


def own_name(subgraph: str) -> str:
    """Give the subgraph that is asked.

    >>> own_name("users#2"), own_name("users")
    ('users', 'users')
    """
    return subgraph.partition("#")[0]


def layered(graph: Graph, layers: Layers) -> Graph:
    """Add the subgraphs of deferred parts to a graph."""
    names: dict[str, list[str]] = {}
    for name in layers:
        names.setdefault(own_name(name), []).append(name)
    return replace(
        graph,
        subgraphs=(*graph.subgraphs, *layers),
        types={
            **graph.types,
            **{name: graph.types[own_name(name)] for name in layers},
        },
        entries={
            kind: (
                *doors,
                *(
                    replace(door, subgraph=name)
                    for door in doors
                    for name in names.get(door.subgraph, ())
                ),
            )
            for kind, doors in graph.entries.items()
        },
        resolvers={
            field: (
                *found,
                *(
                    (name, known)
                    for subgraph, known in found
                    for name in names.get(subgraph, ())
                ),
            )
            for field, found in graph.resolvers.items()
        },
        memo={},
    )


def deferring(plan: QueryPlan, operation: Operation, layers: Layers) -> QueryPlan:
    """Say of each fetch for which part it is made, and of each part what it reads.

    What the first answer waits for is its own, whoever else reads it.
    """
    first = needed_by(plan.fetches, lambda each: each.service not in layers)
    parts: dict[int, int] = {}
    fetches: list[Fetch] = []
    for fetch in plan.fetches:
        part = 0
        if fetch.id not in first:
            above = (parts[before] for before in fetch.after)
            part = layers.get(fetch.service) or max(above, default=0)
        parts[fetch.id] = part
        fetches.append(replace(fetch, service=own_name(fetch.service), part=part))
    deferred = [
        Deferred(
            one.number,
            one.parent,
            one.label,
            one.path,
            tuple(sorted(reads(operation.selections, one.number) - {0})),
        )
        for one in operation.defers
    ]
    return replace(plan, fetches=tuple(fetches), deferred=tuple(deferred))


def needed_by(fetches: Iterable[Fetch], chosen: Chosen) -> set[int]:
    """Find the fetches chosen, and all that they wait for."""
    known = {fetch.id: fetch for fetch in fetches}
    found: set[int] = set()
    due = [number for number, fetch in known.items() if chosen(fetch)]
    while due:
        number = due.pop()
        if number not in found:
            found.add(number)
            due.extend(known[number].after)
    return found


def reads(selections: SelectionSet, part: int) -> set[int]:
    """Find the parts with which the fields of one part are fetched."""
    return {min(within) for within in _within(selections) if part in within} | {part}


def _within(selections: SelectionSet) -> Iterator[tuple[int, ...]]:
    groups = (selections.fields, *(case.fields for case in selections.cases))
    for fields in groups:
        for field in fields:
            yield field.within
            if field.selections is not None:
                yield from _within(field.selections)
