"""Operation → the `@override` labels on which its plan depends."""

import re
from collections.abc import Iterator

from router.graph.model import Graph
from router.operation.model import Field, Operation, SelectionSet

PERCENT = re.compile(r"percent\((\d{1,3}(?:\.\d{1,8})?)\)")


def labels_in(graph: Graph, operation: Operation) -> tuple[str, ...]:
    """List the labels of the fields that an operation may come to, in order.

    Fields that only keys and `@requires` need are taken into account by their
    types: a label on any field of a type that the operation passes through counts.
    """
    if not graph.labels:
        return ()
    by_type = graph_labels(graph)
    found: set[str] = set()
    for type_name in _types(graph, operation.selections):
        for member in (type_name, *graph.possible.get(type_name, ())):
            found |= by_type.get(member, set())
    return tuple(label for label in graph.labels if label in found)


def graph_labels(graph: Graph) -> dict[str, set[str]]:
    """Say which labels the fields of each type have."""
    found: dict[str, set[str]] = {}
    for types in graph.types.values():
        for name, known in types.items():
            labels = {one.label for one in known.fields.values() if one.label}
            found.setdefault(name, set()).update(labels)
    return found


def share_of(label: str) -> float | None:
    """Give the share (0 to 1) of requests for which a percent label is active.

    >>> share_of("percent(25)"), share_of("percent(0.5)"), share_of("beta")
    (0.25, 0.005, None)
    """
    match = PERCENT.fullmatch(label)
    return float(match[1]) / 100 if match else None


def _types(graph: Graph, selections: SelectionSet) -> Iterator[str]:
    yield selections.type
    fields: list[Field] = [*selections.fields]
    for case in selections.cases:
        yield case.type
        fields.extend(case.fields)
    for field in fields:
        if field.selections is not None:
            yield from _types(graph, field.selections)
