"""QueryPlan → the same plan with everything decided that no request changes."""

from collections.abc import Callable
from dataclasses import dataclass
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

from router.executor.representations import Shown, compile_collect
from router.plan.nodes import EntityInput, Fetch, Guard, QueryPlan

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An entity input with the function that finds and represents its objects.

    ``nested`` are the keys of an answer that can hold objects: where none of them
    was gathered before, merging is one update.
    """

    plan: EntityInput
    collect: Callable[[Json], Shown]
    nested: frozenset[str]


@dataclass(frozen=True, slots=True)
class CompiledFetch:
    """A fetch with its request written as far as it can be.

    ``start`` is the body up to the variables' value, ``roots`` its root keys,
    ``followers`` the indexes of the fetches that wait for this one, ``waits`` how
    many it waits for itself.
    """

    plan: Fetch
    start: bytes
    roots: tuple[str, ...]
    inputs: tuple[CompiledInput, ...]
    followers: tuple[int, ...]
    waits: int
    repeatable: bool


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """Every fetch by its index, and those that can start at once."""

    plan: QueryPlan
    fetches: tuple[CompiledFetch, ...]
    first: tuple[int, ...]


def compile_plan(plan: QueryPlan) -> CompiledPlan:
    """Prepare a plan for being executed many times."""
    order = {fetch.id: index for index, fetch in enumerate(plan.fetches)}
    followers: dict[int, list[int]] = {fetch.id: [] for fetch in plan.fetches}
    for fetch in plan.fetches:
        for awaited in dict.fromkeys(fetch.after):
            followers[awaited].append(order[fetch.id])
    fetches = tuple(
        compile_fetch(fetch, tuple(followers[fetch.id])) for fetch in plan.fetches
    )
    first = tuple(index for index, each in enumerate(fetches) if not each.waits)
    return CompiledPlan(plan, fetches, first)


def compile_fetch(fetch: Fetch, followers: tuple[int, ...]) -> CompiledFetch:
    """Prepare one fetch."""
    nested = nested_keys(fetch.document)
    inputs = tuple(
        CompiledInput(
            each,
            compile_collect(each),
            with_renames(each, nested.get(each.response_key, frozenset())),
        )
        for each in fetch.inputs
    )
    return CompiledFetch(
        fetch,
        body_start(fetch),
        tuple(nested),
        inputs,
        followers,
        len(set(fetch.after)),
        fetch.kind == "query",
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
