"""An HTTP request → a GraphQL request, or a refusal that says why."""

import itertools
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from kit.guard import (
    GraphQLRequest,
    RefusedRequestError,
    check_media_type,
    parse_json,
    read_request,
)
from router.app.asgi import RawHeaders, Receive, Scope
from router.app.batches import read_batch
from router.app.compression import gunzip
from router.gateway.asked import Streaming
from router.settings.http import Batching

MAX_HEADER_BYTES = 64 * 1024
JSON = b"application/json"
"""What no page makes a browser send unasked."""

GZIP = (b"gzip", b"x-gzip")

ONCE = {b"host", b"content-type", b"content-encoding"}
"""Headers of which there is one."""

PROCESS = uuid.uuid4().hex[:16].encode("ascii")
COUNTER = itertools.count(1)

REQUEST_ID = re.compile(rb"[\w.:+/=-]{1,64}")
PARAMETERS = {"query", "operationName", "variables", "extensions", "documentId"}


@dataclass(slots=True)
class Head:
    """What the pipeline wants to know of a request's headers.

    ``streaming`` is filled for those who accept more than one answer.
    """

    pairs: RawHeaders
    accept: bytes
    content_type: bytes | None
    content_encoding: bytes | None
    content_length: bytes | None
    origin: bytes | None
    request_id: bytes
    streaming: Streaming | None = None


def read_head(pairs: RawHeaders) -> Head:
    """Read the headers once; of repeated ones the last counts, but for ``accept``.

    Raises:
        RefusedRequestError: 431, there is too much of them; 400, there are two of what
            two readers could read differently.

    """
    found: dict[bytes, bytes] = {}
    size = 0
    for name, value in pairs:
        size += len(name) + len(value)
        if name not in found:
            found[name] = value
        elif name == b"accept":
            found[name] = b"%s,%s" % (found[name], value)
        elif name in ONCE:
            title = name.decode("ascii").title()
            raise RefusedRequestError(400, f"There are two {title} headers.")
        else:
            found[name] = value
    if size > MAX_HEADER_BYTES:
        raise RefusedRequestError(431, "The headers are too large.")
    given = found.get(b"x-request-id", b"")
    known = REQUEST_ID.fullmatch(given)
    return Head(
        pairs,
        found.get(b"accept", b""),
        found.get(b"content-type"),
        found.get(b"content-encoding"),
        found.get(b"content-length"),
        found.get(b"origin"),
        given if known else new_request_id(),
    )


def new_request_id() -> bytes:
    """Name a request: this process, and how many came before.

    >>> len(new_request_id()), new_request_id() != new_request_id()
    (24, True)
    """
    return b"%s%08x" % (PROCESS, next(COUNTER))


async def read_post(
    head: Head, receive: Receive, limit: int, batching: Batching
) -> GraphQLRequest | list[Any]:
    """Read a POST: its media type, its size, its body, in this order.

    Raises:
        RefusedRequestError: 415, 413, 422 or 400.

    """
    coding = head.content_encoding
    if head.content_type != b"application/json" or coding:
        if coding is not None and coding.strip().lower() in GZIP:
            coding = GZIP[0]
        other = None if coding in GZIP else text_of(coding)
        check_media_type(text_of(head.content_type), other)
    body = await read_body(head, receive, limit)
    if coding in GZIP:
        body = gunzip(body, limit)
    value = parse_json(body)
    if value.__class__ is list:
        return read_batch(value, batching)
    return read_request(value)


async def read_body(head: Head, receive: Receive, limit: int) -> bytes:
    """Read the body up to a limit in bytes.

    Raises:
        RefusedRequestError: 413, or 400 where the client left before its end.

    """
    announced = head.content_length
    if announced is not None and len(announced) > len(str(limit)):
        raise RefusedRequestError(413, f"The body is larger than {limit} bytes.")
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        chunks, size = [body], len(body)
        while message.get("more_body") and size <= limit:
            message = await receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
        body = b"".join(chunks)
    if len(body) > limit:
        raise RefusedRequestError(413, f"The body is larger than {limit} bytes.")
    if message["type"] == "http.disconnect":
        raise RefusedRequestError(400, "The request ended early.")
    return body


def read_get(scope: Scope) -> GraphQLRequest:
    """Read a GET: the request stands in the URL's parameters.

    Raises:
        RefusedRequestError: 400, naming the parameter that is wrong.

    """
    try:
        given = scope["query_string"].decode("ascii")
        pairs = parse_qsl(given, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise RefusedRequestError(400, "The URL is not UTF-8.") from error
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise RefusedRequestError(400, f"The parameter '{name}' comes twice.")
        if name in PARAMETERS:
            members[name] = value
    for name in ("variables", "extensions"):
        if members.get(name):
            members[name] = read_parameter(name, members[name])
        else:
            members.pop(name, None)
    return read_request(members)


def read_parameter(name: str, text: str) -> object:
    """Read one that is JSON.

    Raises:
        RefusedRequestError: 400, it is not, or nests too deep.

    """
    try:
        return parse_json(text.encode("utf-8"))
    except RefusedRequestError as error:
        message = error.message.replace("The body", f"The parameter '{name}'", 1)
        raise RefusedRequestError(error.status, message) from error


def refuse_forgery(head: Head, required: tuple[bytes, ...]) -> None:
    """Let a GET pass only if a browser would have asked before sending it.

    Raises:
        RefusedRequestError: 400, the request may come from a foreign page.

    """
    media = (head.content_type or b"").partition(b";")[0].strip().lower()
    if media == JSON:
        return
    if any(name in required for name, _ in head.pairs):
        return
    names = ", ".join(name.decode("ascii") for name in required)
    raise RefusedRequestError(
        400,
        "This request could have been forged by a foreign page. "
        f"Send content-type: application/json, or one of these headers: {names}.",
        "CSRF_PREVENTED",
    )


def text_of(value: bytes | None) -> str | None:
    """Decode a header's value."""
    return None if value is None else value.decode("latin-1")
