"""QueryPlan → the same plan with everything decided that no request changes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from router.executor.pieces import Pieces
from router.executor.representations import Find, Show, compile_find, compile_show
from router.plan.nodes import EntityInput, Fetch, Guard, QueryPlan

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An entity input with the functions that find and represent its objects.

    ``place`` numbers the lists of found objects: inputs that would find the same
    share one; so do, by ``alike``, those that would show the same of them. ``nested``
    are the keys of an answer that can hold objects: where none of them was gathered
    before, merging is one update. With ``apart`` no two places share such an object:
    their ancestors may give a field other arguments.
    """

    plan: EntityInput
    place: int
    alike: int
    find: Find
    show: Show
    nested: frozenset[str]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class CompiledFetch:
    """A fetch with its request written as far as it can be.

    ``start`` is the body up to the variables' value, ``whole`` all of it where there
    are none, ``roots`` its root keys,
    ``followers`` the indexes of the fetches that wait for this one, ``waits`` how
    many it waits for itself, ``conditional`` whether it may not be wanted at all.
    ``repeated`` has its document in pieces, where an input has contextual arguments.
    """

    plan: Fetch
    start: bytes
    whole: bytes | None
    roots: tuple[str, ...]
    inputs: tuple[CompiledInput, ...]
    followers: tuple[int, ...]
    waits: int
    repeatable: bool
    conditional: bool
    repeated: Pieces | None = None


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """Every fetch by its index, those that can start at once, and their waits.

    ``places`` and ``kinds`` are how many there are of what inputs share.
    """

    plan: QueryPlan
    fetches: tuple[CompiledFetch, ...]
    first: tuple[int, ...]
    places: int
    kinds: int
    waits: tuple[int, ...]


def compile_plan(plan: QueryPlan) -> CompiledPlan:
    """Prepare a plan for being executed many times."""
    order = {fetch.id: index for index, fetch in enumerate(plan.fetches)}
    followers: dict[int, list[int]] = {fetch.id: [] for fetch in plan.fetches}
    for fetch in plan.fetches:
        for awaited in dict.fromkeys(fetch.after):
            followers[awaited].append(order[fetch.id])
    places, kinds = number_places(plan)
    apart = any(each.contextual for fetch in plan.fetches for each in fetch.inputs)
    fetches = tuple(
        compile_fetch(fetch, tuple(followers[fetch.id]), places, kinds, apart=apart)
        for fetch in plan.fetches
    )
    first = tuple(index for index, each in enumerate(fetches) if not each.waits)
    return CompiledPlan(
        plan,
        fetches,
        first,
        len(set(places.values())),
        len(set(kinds.values())),
        tuple(fetch.waits for fetch in fetches),
    )


Numbers = dict[tuple[int, str], int]
"""Of inputs, by their fetch and variable."""


def number_places(plan: QueryPlan) -> tuple[Numbers, Numbers]:
    """Give numbers to the lists that inputs find, and to what they show of them.

    Two inputs find the same if they have the same paths, and the same fetches before
    them that could have changed what lies there: any but those that only bring leaves.
    They show the same if besides they represent it alike, after all the same fetches.
    """
    shaping = {fetch.id for fetch in plan.fetches if shapes(fetch)}
    before: dict[int, frozenset[int]] = {}
    found: dict[object, int] = {}
    shown: dict[object, int] = {}
    places: Numbers = {}
    kinds: Numbers = {}
    for fetch in plan.fetches:
        above = [before[awaited] | {awaited} for awaited in fetch.after]
        before[fetch.id] = frozenset[int]().union(*above)
        for each in fetch.inputs:
            same = (each.paths, before[fetch.id] & shaping)
            kind = (each.paths, before[fetch.id], each.representations)
            name = (fetch.id, each.variable)
            places[name] = found.setdefault(same, len(found))
            kinds[name] = shown.setdefault(kind, len(shown))
    return places, kinds


def shapes(fetch: Fetch) -> bool:
    """Say whether an answer can add objects to what is gathered, or retype them."""
    if not fetch.inputs:
        return True
    keys = nested_keys(fetch.document).values()
    return any(keys) or "__typename" in fetch.document


def compile_fetch(
    fetch: Fetch,
    followers: tuple[int, ...],
    places: Numbers,
    kinds: Numbers,
    *,
    apart: bool = False,
) -> CompiledFetch:
    """Prepare one fetch."""
    nested = nested_keys(fetch.document)
    inputs = tuple(
        CompiledInput(
            each,
            places[fetch.id, each.variable],
            kinds[fetch.id, each.variable],
            compile_find(*each.paths),
            compile_show(each.representations),
            with_renames(each, nested.get(each.response_key, frozenset())),
            apart and bool(nested.get(each.response_key)),
        )
        for each in fetch.inputs
    )
    start = body_start(fetch)
    return CompiledFetch(
        fetch,
        start,
        None if fetch.inputs or fetch.variables else start + b"{}}",
        tuple(nested),
        inputs,
        followers,
        len(set(fetch.after)),
        fetch.kind == "query",
        bool(fetch.guards or fetch.at),
        Pieces(fetch) if any(each.contextual for each in fetch.inputs) else None,
    )


def body_start(fetch: Fetch) -> bytes:
    """Write a request's body up to where its variables go.

    >>> body_start(Fetch(1, "users", "query", "{me{id}}"))
    b'{"query":"{me{id}}","variables":'
    """
    parts = [b'{"query":', orjson.dumps(fetch.document)]
    if fetch.operation_name:
        parts += [b',"operationName":', orjson.dumps(fetch.operation_name)]
    return b"".join([*parts, b',"variables":'])


def with_renames(given: EntityInput, keys: frozenset[str]) -> frozenset[str]:
    """Add the gathered names of keys that the subgraph sends under others."""
    own = {entry.key for entry in given.renames if entry.sent in keys and not entry.at}
    return keys | own


@lru_cache(maxsize=64)
def nested_keys(document: str) -> dict[str, frozenset[str]]:
    """Find, for each root key of a fetch, its entities' keys that have selections.

    >>> nested_keys("{_e:_entities(r:1){...on User{id boss{id}}}}")
    {'_e': frozenset({'boss'})}
    """
    parsed = parse(document, no_location=True)
    fragments = {
        node.name.value: node.selection_set
        for node in parsed.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    found: dict[str, frozenset[str]] = {}
    for node in parsed.definitions:
        if isinstance(node, OperationDefinitionNode):
            for root in fields_of(node.selection_set, fragments):
                inner = fields_of(root.selection_set, fragments)
                keys = (key_of(each) for each in inner if each.selection_set)
                found[key_of(root)] = frozenset(keys)
    return found


def fields_of(
    selections: SelectionSetNode | None, fragments: dict[str, SelectionSetNode]
) -> list[FieldNode]:
    """List the fields of a selection set, through every fragment."""
    found: list[FieldNode] = []
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            found.append(node)
        elif isinstance(node, InlineFragmentNode):
            found += fields_of(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode):
            found += fields_of(fragments.get(node.name.value), fragments)
    return found


def key_of(node: FieldNode) -> str:
    """Give the key under which a field is answered."""
    return node.alias.value if node.alias else node.name.value


def all_hold(guards: tuple[Guard, ...], variables: Json) -> bool:
    """Evaluate `@include` and `@skip` conditions on coerced variables.

    >>> all_hold((Guard("a"), Guard("b", negated=True)), {"a": True, "b": False})
    True
    """
    return all(bool(variables.get(g.variable)) is not g.negated for g in guards)
