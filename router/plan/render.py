"""QueryPlan → Federation's text form of a query plan."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graphql import parse, print_ast
from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from router.plan.nodes import (
    Contextual,
    EntityInput,
    Fetch,
    Guard,
    Path,
    QueryPlan,
    Rename,
    Representation,
    Taken,
    TypeCondition,
)


def render(plan: QueryPlan) -> str:
    """Draw a plan as a tree of Sequence, Parallel, Flatten and Fetch.

    A subscription's has two, the events' and that of each event; one with `@defer` a
    tree for what is answered first and one for each part.

    The tree shows waves: a fetch stands in the first wave in which all it waits
    for is there. (Execution does not wait for whole waves.) A fetch for several
    places is drawn once, with each place as a line of its own.
    """
    if plan.kind == "subscription" and plan.fetches:
        drawn = _subscription(plan)
    elif plan.deferred:
        drawn = _deferring(plan)
    else:
        drawn = _tree(plan.fetches)
    return "\n".join(["QueryPlan {", *_indented(drawn), "}"])


def _subscription(plan: QueryPlan) -> list[str]:
    """Draw what brings the events, and what is asked for each of them."""
    first, rest = plan.fetches[:1], plan.fetches[1:]
    primary = ["Primary: {", *_indented(_tree(first)), "}"]
    if not rest:
        return _block("Subscription", [primary])
    return _block("Subscription", [primary, ["Rest: {", *_indented(_tree(rest)), "}"]])


def _deferring(plan: QueryPlan) -> list[str]:
    """Draw what is answered first, and each part that comes later."""
    first = [fetch for fetch in plan.fetches if not fetch.part]
    blocks = [["Primary {", *_indented(_tree(first)), "}"]]
    for part in plan.deferred:
        own = [fetch for fetch in plan.fetches if fetch.part == part.number]
        others = [number for number in part.reads if number != part.number]
        depends = ", ".join(str(n) for n in (part.parent, *others) if n)
        label = "" if part.label is None else f', label: "{part.label}"'
        head = (
            f'Deferred(depends: [{depends}], path: "{".".join(part.path)}"{label}) {{'
        )
        blocks.append([head, *_indented(_tree(own)), "}"])
    return _block("Defer", blocks)


def _tree(fetches: Sequence[Fetch]) -> list[str]:
    """Draw fetches as waves; those that they wait for elsewhere are there."""
    waves = _waves(fetches)
    drawn = [_parallel([_fetch(fetch) for fetch in wave]) for wave in waves]
    return _block("Sequence", drawn) if len(drawn) > 1 else _flat(drawn)


def render_path(path: Path) -> str:
    """Write a path in Federation's form: `users.@.pet|[Cat,Dog].name`."""
    text = ""
    for step in path:
        if isinstance(step, TypeCondition):
            text += f"|[{','.join(step.types)}]"
        else:
            text += f".{step}" if text else step
    return text


def _waves(fetches: Sequence[Fetch]) -> list[list[Fetch]]:
    wave: dict[int, int] = {}
    waves: list[list[Fetch]] = []
    for fetch in fetches:
        number = 1 + max((wave.get(before, -1) for before in fetch.after), default=-1)
        wave[fetch.id] = number
        while len(waves) <= number:
            waves.append([])
        waves[number].append(fetch)
    return waves


def _flat(drawn: list[list[str]]) -> list[str]:
    return [line for block in drawn for line in block]


def _parallel(drawn: list[list[str]]) -> list[str]:
    return drawn[0] if len(drawn) == 1 else _block("Parallel", drawn)


def _block(name: str, drawn: list[list[str]]) -> list[str]:
    lines = [f"{name} {{"]
    for block in drawn:
        lines.extend(_indented(block))
        lines[-1] += ","
    return [*lines, "}"]


def _indented(lines: list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _fetch(fetch: Fetch) -> list[str]:
    whole = _whole(fetch.document)
    shown = whole.selections
    if not fetch.inputs:
        lines = [
            f'Fetch(service: "{fetch.service}") {{',
            *_indented(_selection(whole)),
            *_indented(_renames(fetch.renames)),
            "}",
        ]
        if fetch.at:
            path = f'Flatten(path: "{render_path(fetch.at)}") {{'
            lines = [path, *_indented(lines), "}"]
        return _guarded(fetch.guards, lines)
    drawn: list[list[str]] = []
    for entities, shown_selection in zip(fetch.inputs, shown, strict=True):
        inner: list[str] = []
        if isinstance(shown_selection, FieldNode) and shown_selection.selection_set:
            inner = _selection(shown_selection.selection_set)
        block = [
            f"Flatten({_paths(entities)}) {{",
            *_indented(
                [
                    f'Fetch(service: "{fetch.service}") {{',
                    *_indented(_representations(entities)),
                    *_indented(["{", *_indented(inner), "}"]),
                    *_indented(_renames(entities.renames)),
                    *_indented(_values(entities)),
                    "}",
                ]
            ),
            "}",
        ]
        drawn.append(_guarded(entities.guards, block))
    if len(drawn) == 1:
        return drawn[0]
    return _block(f'Batch(service: "{fetch.service}")', drawn)


def _whole(document: str) -> SelectionSetNode:
    """Read a fetch's document, with its fragments put back where they are spread."""
    operation, *rest = parse(document, no_location=True).definitions
    fragments = {
        one.name.value: one.selection_set
        for one in rest
        if isinstance(one, FragmentDefinitionNode)
    }

    def put_back(given: SelectionSetNode) -> SelectionSetNode:
        selections: list[SelectionNode] = []
        for one in given.selections:
            if isinstance(one, FragmentSpreadNode):
                selections.extend(put_back(fragments[one.name.value]).selections)
            elif isinstance(one, FieldNode | InlineFragmentNode) and one.selection_set:
                inner = put_back(one.selection_set)
                selections.append(replace(one, selection_set=inner))
            else:
                selections.append(one)
        return SelectionSetNode(selections=tuple(selections))

    if not isinstance(operation, OperationDefinitionNode):
        return SelectionSetNode(selections=())
    return put_back(operation.selection_set)


def _paths(entities: EntityInput) -> str:
    """Write one path as Federation does, several as a list."""
    written = [f'"{render_path(path)}"' for path in entities.paths]
    return (
        f"path: {written[0]}" if len(written) == 1 else f"paths: [{', '.join(written)}]"
    )


def _guarded(guards: tuple[Guard, ...], lines: list[str]) -> list[str]:
    for guard in reversed(guards):
        name = "Skip" if guard.negated else "Include"
        lines = [f"{name}(if: ${guard.variable}) {{", *_indented(lines), "}"]
    return lines


def _selection(selections: SelectionSetNode) -> list[str]:
    return [line[2:] for line in print_ast(selections).splitlines()[1:-1]]


def _renames(renames: tuple[Rename, ...]) -> list[str]:
    return [f"rename {'.'.join((*one.at, one.sent))} to {one.key}" for one in renames]


def _values(entities: EntityInput) -> list[str]:
    """Say from where each contextual argument is read."""
    return [
        line
        for one in entities.contextual
        for line in _value(one, [path[: len(path) - one.up] for path in entities.paths])
    ]


def _value(value: Contextual, paths: list[Path]) -> list[str]:
    where = ", ".join(f'"{render_path(path)}"' for path in paths)
    inner = [line for one in value.taken for line in _taken(one)]
    return [f"read ${value.variable} from {where} {{", *_indented(inner), "}"]


def _representations(entities: EntityInput) -> list[str]:
    lines = ["{"]
    for one in entities.representations:
        lines.extend(_indented(_representation(one)))
    return [*lines, "} =>"]


def _representation(representation: Representation) -> list[str]:
    types = ",".join(representation.types)
    shown = types or representation.typename
    note = ""
    if types and types != representation.typename:
        note = f" as {representation.typename}"
    lines = [f"... on {shown}{note} {{", "  __typename"]
    for one in representation.fields:
        lines.extend(_indented(_taken(one)))
    return [*lines, "}"]


def _taken(taken: Taken) -> list[str]:
    text = taken.name if taken.name == taken.key else f"{taken.name}: {taken.key}"
    if taken.on:
        text = f"... on {','.join(taken.on)} {text}"
    if not taken.fields:
        return [text]
    inner = [line for one in taken.fields for line in _taken(one)]
    return [f"{text} {{", *_indented(inner), "}"]
