"""A line of JSON for each request."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import orjson

from kit.logs import clean
from router.telemetry.record import Record

LONGEST_NAME = 100
"""Characters of what a client calls itself."""

Write = Callable[[str], object]


class AccessLog:
    """Write to standard error, where the other logs go, or where one is told.

    It goes round structlog, whose processors would cost more than the request's own
    work; what a client wrote is struck of secrets all the same.
    """

    def __init__(self, write: Write | None = None) -> None:
        self._write = write or sys.stderr.write

    def tell(
        self,
        record: Record,
        seconds: float,
        request_id: str,
        client: tuple[str, str],
        trace_id: str,
    ) -> None:
        """Write the line."""
        line = {
            "event": "request",
            "level": "info",
            "logger": "router.access",
            "timestamp": datetime.now(UTC).isoformat(),
            "request_id": request_id,
            "trace_id": trace_id,
            "operation": record.operation,
            "kind": record.kind,
            "client_name": name_of(client[0]),
            "client_version": name_of(client[1]),
            "subject": record.subject,
            "status": record.status,
            "duration_ms": milliseconds(seconds),
            "plan_ms": milliseconds(record.seconds("plan")),
            "execute_ms": milliseconds(record.seconds("execute")),
            "bytes": record.size,
            "codes": record.codes,
        }
        self._write(orjson.dumps(line).decode() + "\n")


def milliseconds(seconds: float) -> float:
    """Round to what can be told apart."""
    return round(seconds * 1000, 3)


def name_of(text: str) -> str | None:
    """Shorten what a client calls itself, and strike what looks like a secret.

    >>> name_of("web"), name_of("")
    ('web', None)
    """
    return str(clean(text[:LONGEST_NAME])) if text else None
