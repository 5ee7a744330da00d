"""Spans as a tree: each with the name of the one above it."""

from collections.abc import Iterable

from opentelemetry.sdk.trace import ReadableSpan

CALLER = "caller"
"""Above a span whose parent is not among them."""


def trace_of(span: ReadableSpan) -> str:
    """Give the id of a span's trace, as headers and logs have it."""
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


def id_of(span: ReadableSpan) -> int:
    """Give a span's id."""
    context = span.get_span_context()
    assert context is not None
    return context.span_id


def tree(spans: Iterable[ReadableSpan]) -> list[tuple[str, str]]:
    """Give each span's name and its parent's, in the order in which they ended."""
    known = list(spans)
    names = {id_of(each): each.name for each in known}
    return [
        (each.name, names.get(each.parent.span_id, CALLER) if each.parent else "")
        for each in known
    ]
