"""Request text → a compiled operation, remembered: parsed, weighed, validated once."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    parse,
    validate,
)

from jit.compiled import Compiled, compile_operation
from jit.counters import counters
from jit.lean_document import make_lean

BeforeValidation = Callable[[DocumentNode], Sequence[GraphQLError]]
"""A limits analysis: the errors that keep a document from being validated."""

MAX_TEXT = 100_000
"""Longer documents, in characters, are compiled but not kept: memory stays bounded."""


class DocumentCache:
    """The most recently used operations of one schema, at most `max_size` of them.

    `parse_options` go to `graphql.parse` (``{"max_tokens": 5000}``), `rules` to
    `graphql.validate`. `before_validation` sees each parsed document first and
    returns the errors that refuse it; validation never runs on what it refused.
    Concurrent first requests for one text compile it once, from threads too.
    Refused texts are not kept.

    >>> from graphql import build_schema
    >>> cache = DocumentCache(build_schema("type Query { a: Int }"))
    >>> cache.get("{ a }") is cache.get("{ a }")
    True
    >>> [error.message for error in cache.get("{ b }")]
    ["Cannot query field 'b' on type 'Query'. Did you mean 'a'?"]
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        max_size: int = 1000,
        parse_options: Mapping[str, Any] | None = None,
        before_validation: BeforeValidation | None = None,
        rules: Collection[type[ASTValidationRule]] | None = None,
    ) -> None:
        self.schema = schema
        self.max_size = max_size
        self._parse_options = dict(parse_options or {})
        self._before_validation = before_validation
        self._rules = rules
        self._kept: OrderedDict[tuple[str, str | None], Compiled] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(
        self, text: str, operation_name: str | None = None
    ) -> Compiled | list[GraphQLError]:
        """Find or compile an operation, or return why the document is refused."""
        key = (text, operation_name)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                counters.cache_hits += 1
                return kept
            counters.cache_misses += 1
            made = self._compile(text, operation_name)
            if isinstance(made, Compiled) and len(text) <= MAX_TEXT:
                self._kept[key] = made
                if len(self._kept) > self.max_size:
                    self._kept.popitem(last=False)
            return made

    def _compile(
        self, text: str, operation_name: str | None
    ) -> Compiled | list[GraphQLError]:
        try:
            document = parse(text, **self._parse_options)
            errors = list(
                self._before_validation(document) if self._before_validation else ()
            )
            errors = errors or validate(self.schema, document, self._rules)
            if errors:
                return errors
            make_lean(document)
            return compile_operation(self.schema, document, operation_name)
        except GraphQLError as error:
            return [error]
