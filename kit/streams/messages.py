"""The messages of graphql-transport-ws, read and written.

Source: "GraphQL over WebSocket Protocol" (graphql-transport-ws), its messages and
close codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import orjson

from kit.errors import UnauthenticatedError
from kit.guard import GraphQLRequest, RefusedRequestError, parse_json, read_request

SUBPROTOCOL: Final = "graphql-transport-ws"

BAD_REQUEST: Final = 4400
FORBIDDEN: Final = 4403
NOT_ACCEPTABLE: Final = 4406
INIT_TIMEOUT: Final = 4408
ALREADY_EXISTS: Final = 4409
TOO_MANY_INITS: Final = 4429
TOO_BIG: Final = 1009
INTERNAL: Final = 4500

LONGEST_ID: Final = 128
LONGEST_REASON: Final = 120
"""Bytes; a close frame carries at most 123."""

KINDS: Final = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})
"""What clients may send."""


class ClosedError(Exception):
    """The connection ends here: with a code, and a reason that a person can read."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a client: its kind, and what kinds have beside it."""

    kind: str
    id: str = ""
    payload: dict[str, object] | None = None
    request: GraphQLRequest | None = None


def read_message(text: object, largest: int) -> Message:
    """Read one message of a client.

    Raises:
        ClosedError: it is none, or larger than taken.

    """
    if not isinstance(text, str):
        raise ClosedError(BAD_REQUEST, "Messages are texts.")
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > largest:
        raise ClosedError(TOO_BIG, f"The message is larger than {largest} bytes.")
    try:
        return _read(parse_json(raw))
    except RefusedRequestError as refusal:
        raise ClosedError(BAD_REQUEST, refusal.message) from None


def _read(value: object) -> Message:
    members = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    kind, name, payload = (members.get(key) for key in ("type", "id", "payload"))
    if not isinstance(kind, str) or kind not in KINDS:
        raise ClosedError(BAD_REQUEST, "The message is of no known type.")
    if payload is not None and not isinstance(payload, dict):
        raise ClosedError(BAD_REQUEST, "'payload' must be an object.")
    held = cast("dict[str, object] | None", payload)
    if kind in {"connection_init", "ping", "pong"}:
        return Message(kind, payload=held)
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        raise ClosedError(BAD_REQUEST, "'id' must be a text, and a short one.")
    if kind == "complete":
        return Message(kind, name)
    request = read_request(held)
    return Message(kind, name, held, request)


def acknowledged() -> str:
    """Write that the connection may be used."""
    return '{"type":"connection_ack"}'


def ping() -> str:
    """Ask whether the client is there."""
    return '{"type":"ping"}'


def pong(payload: dict[str, object] | None) -> str:
    """Answer a ping, with its payload.

    >>> pong({"a": 1}), pong(None)
    ('{"type":"pong","payload":{"a":1}}', '{"type":"pong"}')
    """
    if payload is None:
        return '{"type":"pong"}'
    return f'{{"type":"pong","payload":{orjson.dumps(payload).decode()}}}'


def next_of(quoted: str, event: bytes) -> str:
    """Write one result for the operation whose id is quoted here."""
    return f'{{"id":{quoted},"type":"next","payload":{event.decode()}}}'


def error_of(quoted: str, errors: bytes) -> str:
    """Write that an operation ends with these errors."""
    return f'{{"id":{quoted},"type":"error","payload":{errors.decode()}}}'


def complete_of(quoted: str) -> str:
    """Write that an operation has no more results."""
    return f'{{"id":{quoted},"type":"complete"}}'


def quote(name: str) -> str:
    r"""Write an id as JSON.

    >>> quote('a"b')
    '"a\\"b"'
    """
    return orjson.dumps(name).decode()


def token_in(payload: Mapping[str, object]) -> str | None:
    """Find the Authorization header among what a client says of itself.

    >>> token_in({"Authorization": "Bearer x"}), token_in({})
    ('Bearer x', None)

    Raises:
        UnauthenticatedError: it is there twice, or is no text.

    """
    found = [
        value for name, value in payload.items() if name.lower() == "authorization"
    ]
    if not found:
        return None
    if len(found) > 1 or not isinstance(found[0], str):
        raise UnauthenticatedError("The token in the payload is not one text")
    return found[0]
