"""Which document an id means, and whether a text is one of those listed."""

from collections.abc import Mapping
from itertools import chain

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    parse,
    print_ast,
)

from router.gateway.cache import Cache
from router.gateway.persisted.manifest import Key, parsed

KEPT_TEXTS = 1_000
KEPT_CHARACTERS = 8_000_000
"""Of texts for which it is known whether they are listed."""

PREFIX = "sha256:"
"""What GraphQL over HTTP writes before an id that is a hash."""

ABOUT_THE_SCHEMA = {"__schema", "__type", "__typename"}


class Library:
    """The documents of all manifests.

    ``introspection`` tells that questions about the schema alone are everybody's, so
    they count as listed.
    """

    def __init__(
        self, bodies: Mapping[Key, str], *, introspection: bool, max_tokens: int
    ) -> None:
        self._bodies = bodies
        self._introspection = introspection
        self._max_tokens = max_tokens
        self._listed: frozenset[str] | None = None
        self._known = Cache[bool](limit=KEPT_TEXTS, heaviest=KEPT_CHARACTERS)

    def body(self, name: str, client: str) -> str | None:
        """Give what an id means to a client: its own document, or everybody's.

        Both as it is written and without ``sha256:``, which says that it is a hash.
        """
        for each in (name, name.removeprefix(PREFIX)):
            for whose in (client or None, None):
                found = self._bodies.get((each, whose))
                if found is not None:
                    return found
        return None

    def lists(self, text: str) -> bool:
        """Say whether a text is listed, whatever its blanks, comments and order.

        A text that is no GraphQL counts as listed: it is refused for that.
        """
        known = self._known.get(text)
        if known is None:
            known = self._known.put(text, self._look(text), len(text))
        return known

    def _look(self, text: str) -> bool:
        try:
            document = parse(text, no_location=True, max_tokens=self._max_tokens)
        except (GraphQLError, RecursionError):
            return True
        if self._introspection and is_introspection(document):
            return True
        if self._listed is None:  # made when first needed: most manifests never are
            self._listed = frozenset(
                normalized(parsed(body)) for body in self._bodies.values()
            )
        return normalized(document) in self._listed


def normalized(document: DocumentNode) -> str:
    """Write a document so that equal ones are equal: definitions in one order.

    >>> normalized(parse("query A { ...F } # x")) == normalized(parse("query A{...F}"))
    True
    """
    return "\n".join(sorted(print_ast(each) for each in document.definitions))


def is_introspection(document: DocumentNode) -> bool:
    """Say whether every operation asks about the schema and nothing else.

    >>> is_introspection(parse("{ __schema { description } }"))
    True
    >>> is_introspection(parse("{ __typename tickets { id } }"))
    False
    """
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    operations = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    waiting: list[SelectionNode] = list(
        chain.from_iterable(each.selection_set.selections for each in operations)
    )
    visited: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            if node.name.value not in ABOUT_THE_SCHEMA:
                return False
        elif isinstance(node, InlineFragmentNode):
            waiting += node.selection_set.selections
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
            visited.add(node.name.value)
            fragment = fragments.get(node.name.value)
            waiting += fragment.selection_set.selections if fragment else ()
    return bool(operations)
