"""Text → document: parsed, weighed and validated once, whatever came of it."""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OverlappingFieldsCanBeMergedRule,
    Token,
    parse,
    specified_rules,
    validate,
)

from kit.garbage import tidy
from kit.limits import Limits as Allowed
from kit.limits import refuse_excess
from router.gateway.cache import Cache
from router.gateway.overlaps import find_conflict
from router.gateway.refusals import RefusedError, refuse, refuse_document
from router.settings.model import Settings

KEPT_DOCUMENTS = 1_000
KEPT_CHARACTERS = 16_000_000
"""Of all texts together; a parsed document takes some thirty times its text."""

MOST_ERRORS = 20
"""Told to one client about one document."""


@dataclass(slots=True)
class Document:
    """A valid document, and what the pipeline has prepared of its operations.

    ``used`` counts how often it was asked for. ``may_introspect`` is None until one
    wants to know; then ``for_strangers`` is what it means to who may not know the
    schema, and what is ``refused`` is not for them at all.
    """

    text: str
    ast: DocumentNode
    used: int = 0
    may_introspect: bool | None = None
    for_strangers: "Document | None" = None
    refused: bool = False
    prepared: dict[Any, Any] = field(default_factory=dict[Any, Any])


class Documents:
    """Every document in use, the refused ones too: they cost as much to judge."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        limits = settings.limits
        self.schema = schema
        self._max_tokens = limits.parser_max_tokens
        self._allowed = Allowed(
            tokens=limits.parser_max_tokens,
            depth=limits.max_depth,
            roots=limits.max_root_fields,
            aliases=limits.max_aliases,
            directives=limits.max_directives,
        )
        hidden = not settings.supergraph.introspection
        own = [NoSchemaIntrospectionCustomRule] if hidden else []
        rules = [
            r for r in specified_rules if r is not OverlappingFieldsCanBeMergedRule
        ]
        self._rules = [*rules, *own]
        self._known = Cache[Document | RefusedError](
            limit=KEPT_DOCUMENTS, heaviest=KEPT_CHARACTERS
        )

    def read(self, text: str) -> Document:
        """Give the document of a text.

        Raises:
            RefusedError: it is not GraphQL, too large, or not valid here.

        """
        found = self._known.get(text)
        if found is None:
            found = self._known.put(text, self._judge(text), len(text))
            tidy()  # what reading the one before left behind, and planning it
        if isinstance(found, RefusedError):
            raise found.with_traceback(None)
        found.used += 1
        return found

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Forget every document, those in use too."""
        for each in self._known.values():
            if isinstance(each, Document):
                each.prepared.clear()
                loosen(each.ast)
        self._known.clear()

    def most_used(self, most: int) -> list[Document]:
        """Give the valid documents that were asked for most often, those first."""
        found = [each for each in self._known.values() if isinstance(each, Document)]
        found.sort(key=lambda document: -document.used)
        return found[:most]

    def _judge(self, text: str) -> Document | RefusedError:
        if not text.strip():
            return refuse("The query is empty.", "GRAPHQL_PARSE_FAILED")
        try:
            ast = parse(text, max_tokens=self._max_tokens)
        except GraphQLError as error:
            return refuse_document([error], "GRAPHQL_PARSE_FAILED")
        except RecursionError:
            return refuse("The query nests too deeply.", "GRAPHQL_PARSE_FAILED")
        try:
            refuse_excess(ast, self._allowed)
        except GraphQLError as error:
            return refuse_document([error], "GRAPHQL_VALIDATION_FAILED")
        errors = validate(self.schema, ast, self._rules, max_errors=MOST_ERRORS)
        if errors:
            return refuse_document(errors, "GRAPHQL_VALIDATION_FAILED")
        conflict = find_conflict(self.schema, ast)
        if conflict is not None:
            return refuse_document([conflict], "GRAPHQL_VALIDATION_FAILED")
        return Document(text, ast)


def loosen(ast: DocumentNode) -> None:
    """Let each token go by itself: they hold on to each other, both ways."""
    token = ast.loc.start_token if ast.loc else None
    while token is not None:
        token = cut_off(token)


def cut_off(token: Token) -> Token | None:
    """Take a token from its neighbours; give the one after it."""
    following, token.prev, token.next = token.next, None, None
    return following
