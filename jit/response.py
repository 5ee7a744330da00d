"""A result → the bytes of a response."""

from collections.abc import Callable
from json import dumps as dump_anything
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

FormatError = Callable[[GraphQLError], Any]
"""Makes of an error what the client sees of it."""


def to_bytes(result: ExecutionResult, format_error: FormatError | None = None) -> bytes:
    """Write a result as the body of a response.

    >>> to_bytes(ExecutionResult({"a": 1}))
    b'{"data":{"a":1}}'

    Raises:
        TypeError: a custom scalar serialised to what JSON cannot carry.
    """
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        show = format_error or _formatted
        body["errors"] = [show(error) for error in result.errors]
    if result.extensions is not None:
        body["extensions"] = result.extensions
    try:
        return orjson.dumps(body, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:
        # Integers past 64 bits are JSON too, but not to orjson.
        return dump_anything(body, separators=(",", ":")).encode()


def _formatted(error: GraphQLError) -> Any:
    return error.formatted
