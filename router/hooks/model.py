"""What hooks are given, and may change."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import orjson

from kit.identity import Identity

Json = dict[str, Any]
Pairs = list[tuple[str, str]]

context: ContextVar[Json | None] = ContextVar("hooks_context", default=None)
"""What the hooks of one request tell each other."""


def shared() -> Json:
    """Give the request's own context; outside of one, a fresh one."""
    found = context.get()
    return {} if found is None else found


@dataclass(slots=True)
class Answer:
    """Returned by a hook instead of going on: what the client (or router) gets."""

    data: Any = None
    errors: list[Json] = field(default_factory=list[Json])
    extensions: Json = field(default_factory=dict[str, Any])
    status: int = 200
    headers: Pairs = field(default_factory=Pairs)

    def body(self) -> bytes:
        """Write it as GraphQL has it.

        >>> Answer({"a": 1}).body(), Answer(errors=[{"message": "No."}]).body()
        (b'{"data":{"a":1}}', b'{"errors":[{"message":"No."}]}')
        """
        written: Json = {}
        if self.errors:
            written["errors"] = self.errors
        if self.data is not None or not self.errors:
            written["data"] = self.data
        if self.extensions:
            written["extensions"] = self.extensions
        return orjson.dumps(written)


@dataclass(slots=True)
class Message:
    """What every hook's argument has: headers, and the request's own context."""

    headers: Pairs
    context: Json = field(default_factory=shared)

    def header(self, name: str) -> str | None:
        """Give the first header of a name, however it is written.

        >>> Message([("x-a", "1")]).header("X-A")
        '1'
        """
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    def set_header(self, name: str, value: str) -> None:
        """Put a header in the place of all of its name."""
        wanted = name.lower()
        kept = [pair for pair in self.headers if pair[0] != wanted]
        self.headers = [*kept, (wanted, value)]


@dataclass(slots=True)
class Request(Message):
    """``on_request``: a well-formed request, before anyone asks who sends it."""

    method: str = "POST"
    request_id: str = ""


@dataclass(slots=True)
class SupergraphRequest(Message):
    """``on_supergraph_request``: who asks what, before it is parsed."""

    query: str | None = None
    operation_name: str | None = None
    variables: Json = field(default_factory=dict[str, Any])
    identity: Identity = field(default_factory=lambda: Identity(""))
    request_id: str = ""


@dataclass(slots=True)
class SubgraphRequest(Message):
    """``on_subgraph_request``: one request on its way to a subgraph.

    ``body`` is JSON: ``query``, ``variables``.
    """

    subgraph: str = ""
    body: bytes = b""


@dataclass(slots=True)
class SubgraphResponse(Message):
    """``on_subgraph_response``: what a subgraph answered, before it is read."""

    subgraph: str = ""
    status: int = 200
    body: bytes = b""


@dataclass(slots=True)
class Response(Message):
    """``on_response``: the client's answer, whole or a part of it.

    ``part`` is None for an answer that comes at once. Of a stream, part 0 is its head:
    status and headers, no body yet; the parts after it are its messages (an event's
    answer, or one of an answer in parts), whose body alone still counts.
    """

    status: int = 200
    body: bytes = b""
    request_id: str = ""
    part: int | None = None
