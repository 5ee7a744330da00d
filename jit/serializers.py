"""Faster ways to do what well-known serialisers do."""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import methodcaller
from typing import Any

import orjson

ISOFORMAT = methodcaller("isoformat").__reduce__()


def isoformat(value: Any) -> Any:
    """Do what ``value.isoformat()`` does; orjson is faster at moments in UTC.

    >>> isoformat(datetime(2026, 1, 2, tzinfo=UTC))
    '2026-01-02T00:00:00+00:00'
    """
    if type(value) is datetime and value.tzinfo is UTC:
        return orjson.dumps(value)[1:-1].decode()
    return value.isoformat()


def faster(serialize: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the faster equal of a serialiser, or the serialiser."""
    if isinstance(serialize, methodcaller) and serialize.__reduce__() == ISOFORMAT:
        return isoformat
    return serialize
