"""Which subgraph brought what, for errors that projection finds."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from router.errors import ClientPath
from router.executor.compile import fields_of, key_of
from router.executor.merge import renamed_path
from router.plan.nodes import EACH, Fetch, Path, QueryPlan

Names = tuple[str, ...]


@lru_cache(maxsize=128)
def owners_of(plan: QueryPlan) -> Callable[[ClientPath], str | None]:
    """Make the function that names the subgraph behind a place in the answer.

    Where several bring the same, the last one does: its value stands.
    """
    owners: dict[Names, str] = {}
    for fetch in plan.fetches:
        for names in brought(fetch):
            owners[names] = fetch.service

    def owner(path: ClientPath) -> str | None:
        names = tuple(step for step in path if isinstance(step, str))
        while names and names not in owners:
            names = names[:-1]
        return owners.get(names)

    return owner


def brought(fetch: Fetch) -> Iterator[Names]:
    """List the places, in gathered keys, that a fetch fills."""
    document = parse(fetch.document, no_location=True)
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    inputs = {each.response_key: each for each in fetch.inputs}
    at = keys_of(fetch.at)
    for node in document.definitions:
        if not isinstance(node, OperationDefinitionNode):
            continue
        for root in fields_of(node.selection_set, fragments):
            known = inputs.get(key_of(root))
            if known is None:
                for names in below((key_of(root),), root, fragments):
                    yield at + named(renamed_path(names, fetch.renames))
                continue
            inside = [
                named(renamed_path(names, known.renames))
                for inner in fields_of(root.selection_set, fragments)
                for names in below((key_of(inner),), inner, fragments)
            ]
            for path in known.paths:
                base = keys_of(path)
                for names in inside:
                    yield base + names


def below(
    here: Names, node: FieldNode, fragments: dict[str, SelectionSetNode]
) -> Iterator[Names]:
    """List a field's place and those of everything inside it."""
    yield here
    for inner in fields_of(node.selection_set, fragments):
        yield from below((*here, key_of(inner)), inner, fragments)


def keys_of(path: Path) -> Names:
    """Keep the keys of a plan's path."""
    return tuple(step for step in path if isinstance(step, str) and step != EACH)


def named(path: ClientPath) -> Names:
    """Keep the keys of a path."""
    return tuple(step for step in path if isinstance(step, str))
