"""What one service answers besides GraphQL, passed on from the router's own port."""

from typing import Any, cast

import httpx

from helpnest.lifespan import Message, Receive, Send

LARGEST_BODY = 65536  # bytes; token requests are short
PASSED_ON = {b"authorization", b"content-type", b"accept", b"x-request-id"}
GIVEN_BACK = {
    *(b"content-type", b"cache-control", b"retry-after", b"www-authenticate"),
    *(b"etag", b"pragma", b"allow"),
}


class Passage:
    """An ASGI application that asks another server, path and body unchanged."""

    def __init__(self, origin: str, client: httpx.AsyncClient) -> None:
        self._origin = origin
        self._client = client

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            await _answer(send, 413, b"The body is too large.\n")
            return
        headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
        query = cast("bytes", scope["query_string"]).decode("ascii", "ignore")
        try:
            found = await self._client.request(
                scope["method"],
                f"{self._origin}{scope['path']}{'?' if query else ''}{query}",
                content=body,
                headers=[pair for pair in headers if pair[0] in PASSED_ON],
            )
        except httpx.HTTPError:
            await _answer(send, 503, b"The service does not answer.\n")
            return
        kept = [pair for pair in found.headers.raw if pair[0].lower() in GIVEN_BACK]
        await _answer(send, found.status_code, found.content, kept)


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body, or None where it is longer than any that is meant."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            return None
    return body


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    headers: Any = ((b"content-type", b"text/plain"),),
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, length],
        }
    )
    await send({"type": "http.response.body", "body": body})
