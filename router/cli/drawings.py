"""The supergraph and the graph as a person can read them."""

from collections.abc import Iterable

from graphql import print_ast

from router.graph.model import Graph
from router.supergraph.model import (
    ContextArgument,
    FieldJoin,
    Supergraph,
    TypeDefinition,
)


def draw_supergraph(supergraph: Supergraph) -> str:
    """List each type with its keys, and each field with who resolves it."""
    lines = [
        f"subgraph {each.name} {each.url}".rstrip()
        for each in supergraph.subgraphs.values()
    ]
    for definition in supergraph.types.values():
        lines += ["", *draw_type(definition)]
    return "\n".join(lines)


def draw_type(definition: TypeDefinition) -> Iterable[str]:
    """List one type: where it is, by which keys, in which contexts, and its fields."""
    places = [
        name + "".join(f" @key({key.fields!r})" for key in join.keys)
        for name, join in definition.joins.items()
    ]
    yield f"{definition.kind} {definition.name}: {', '.join(places)}"
    for context in definition.contexts:
        yield f"  context {context}"
    for name, field in definition.fields.items():
        owners = [draw_join(join) for join in field.joins.values()]
        yield f"  {name} {print_ast(field.type)}: {', '.join(owners)}"
    for kind, members in (
        ("implements", definition.implements),
        ("member", definition.members),
        ("value", definition.values),
    ):
        for name, subgraphs in members.items():
            yield f"  {kind} {name}: {', '.join(subgraphs)}"


def draw_join(join: FieldJoin) -> str:
    """Name a subgraph, with what is special about a field there.

    >>> draw_join(FieldJoin("users", requires="price", external=True))
    "users (external, requires 'price')"
    """
    marks = [
        *(["external"] if join.external else []),
        *(["overridden"] if join.overridden else []),
        *([f"requires {join.requires!r}"] if join.requires else []),
        *([f"provides {join.provides!r}"] if join.provides else []),
        *([f"from {join.override!r}"] if join.override else []),
        *map(draw_argument, join.context_arguments),
    ]
    return f"{join.subgraph} ({', '.join(marks)})" if marks else join.subgraph


def draw_argument(given: ContextArgument) -> str:
    """Say of an argument from where it is read.

    >>> draw_argument(ContextArgument("org", "currency", "String!", " { currency }"))
    "currency: String! from context org '{ currency }'"
    """
    selection = " ".join(given.selection.split())
    return f"{given.name}: {given.type} from context {given.context} {selection!r}"


def draw_graph(graph: Graph) -> str:
    """Draw the roots and entities of each subgraph, and the keys that lead into them.

    What is neither is left out: it is reached only inside its own subgraph.
    """
    lines = ["flowchart LR"]
    for number, subgraph in enumerate(graph.subgraphs):
        lines.append(f'  subgraph s{number}["{subgraph}"]')
        lines += [
            f'    {node(graph, subgraph, name)}["{name}"]'
            for name in shown(graph, subgraph)
        ]
        lines.append("  end")
    for subgraph in graph.subgraphs:
        lines += fields(graph, subgraph)
    lines += jumps(graph)
    return "\n".join(lines)


def shown(graph: Graph, subgraph: str) -> list[str]:
    """Name the types of a subgraph that are drawn."""
    roots = set(graph.roots.values())
    return [
        name
        for name in graph.types[subgraph]
        if name in roots or graph.entries.get(name)
    ]


def fields(graph: Graph, subgraph: str) -> Iterable[str]:
    """Draw the fields that lead from one drawn type to another, the first of each."""
    names = shown(graph, subgraph)
    for name in names:
        targets: dict[str, str] = {}
        for field in graph.types[subgraph][name].fields.values():
            if field.named in names:
                targets.setdefault(field.named, field.name)
        for target, label in targets.items():
            start, end = node(graph, subgraph, name), node(graph, subgraph, target)
            yield f"  {start} -- {label} --> {end}"


def jumps(graph: Graph) -> Iterable[str]:
    """Draw the keys: from each other subgraph that knows the entity."""
    for name, entries in graph.entries.items():
        for entry in entries:
            for subgraph in graph.subgraphs:
                known = graph.types[subgraph].get(name)
                if subgraph == entry.subgraph or known is None:
                    continue
                target = node(graph, entry.subgraph, entry.typename)
                start = node(graph, subgraph, name)
                yield f'  {start} -. "@key {entry.key.text}" .-> {target}'


def node(graph: Graph, subgraph: str, name: str) -> str:
    """Name a node as Mermaid likes it."""
    return f"s{graph.subgraphs.index(subgraph)}_{name}"
