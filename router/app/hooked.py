"""A request to the endpoint, as hooks see it: before, in the middle, and after."""

from dataclasses import replace
from itertools import count

from kit.guard import error_body
from kit.streams.stream import Stream
from router.app.asgi import RawHeaders
from router.app.requests import Head
from router.gateway.pipeline import Asked, Gateway
from router.hooks.load import HookFailedError, Hooks, call
from router.hooks.model import (
    Answer,
    Request,
    Response,
    SupergraphRequest,
    context,
    shared,
)
from router.hooks.transport import as_bytes, as_text

OK, BAD, OURS = 200, 400, 500

MORE, LONGEST_MORE = b',"hasNext":', 20
"""How every message of an answer in parts ends: whether there are more."""

Result = tuple[int, bytes, RawHeaders]


def begin() -> None:
    """Give the hooks of this request a context of their own."""
    context.set({})


async def at_request(hooks: Hooks, method: str, head: Head) -> Result | None:
    """Let ``on_request`` change the headers, or answer.

    Raises:
        HookFailedError: it failed.

    """
    if hooks.on_request is None:
        return None
    request = Request(
        as_text(tuple(head.pairs)),
        method=method,
        request_id=head.request_id.decode("ascii"),
    )
    answer = await call("on_request", hooks.on_request, request)
    head.pairs = list(as_bytes(request.headers))
    return None if answer is None else written(answer)


async def at_supergraph(hooks: Hooks, asked: Asked, gateway: Gateway) -> Result | None:
    """Let ``on_supergraph_request`` change what is asked, or answer.

    Raises:
        HookFailedError: it failed, and the request is not to blame.
        RefusedError: it failed, and the document is none.

    """
    if hooks.on_supergraph_request is None:
        return None
    given = gateway.lookup.find(asked.request, asked.headers)
    asked.found = True
    request = SupergraphRequest(
        as_text(tuple(asked.headers)),
        query=given.query,
        operation_name=given.operation_name,
        variables=dict(given.variables),
        identity=asked.identity,
        request_id=asked.request_id,
    )
    try:
        answer = await call(
            "on_supergraph_request", hooks.on_supergraph_request, request
        )
    except HookFailedError:
        # What a client did wrong is told to the client, whatever a hook makes of it.
        gateway.reading.read(given.query or "", asked.identity)
        raise
    asked.headers = list(as_bytes(request.headers))
    asked.request = replace(
        given,
        query=request.query,
        operation_name=request.operation_name,
        variables=request.variables,
    )
    return None if answer is None else written(answer)


async def at_end(hooks: Hooks | None, result: Result, head: Head) -> Result:
    """Let ``on_response`` change what goes out: an answer, or a stream from its head.

    Raises:
        HookFailedError: it failed, and there is nothing else to answer.

    """
    request_id = head.request_id.decode("ascii")
    streaming = head.streaming
    stream = streaming.opened if streaming is not None else None
    if hooks is None or stream is None or streaming is None:
        return await at_response(hooks, result, request_id)
    try:
        changed = await at_response(hooks, result, request_id, 0)
    except HookFailedError:
        streaming.opened = None
        await stream.close()
        raise
    if changed[0] == OK and not changed[1]:
        each_message(hooks, stream, request_id)
    else:  # a hook's own answer in its place
        streaming.opened = None
        await stream.close()
    return changed


async def at_response(
    hooks: Hooks | None, result: Result, request_id: str, part: int | None = None
) -> Result:
    """Let ``on_response`` change the answer.

    Raises:
        HookFailedError: it failed, and the request had not been refused anyway.

    """
    if hooks is None or hooks.on_response is None:
        return result
    status, body, headers = result
    response = Response(
        as_text(tuple(headers)),
        status=status,
        body=body,
        request_id=request_id,
        part=part,
    )
    try:
        answer = await call("on_response", hooks.on_response, response)
    except HookFailedError:
        if BAD <= status < OURS:
            return result
        raise
    if answer is not None:
        return written(answer)
    return response.status, response.body, list(as_bytes(response.headers))


def each_message(hooks: Hooks, stream: Stream, request_id: str) -> None:
    """Let ``on_response`` change each message of a stream, when it is read.

    One that a hook fails for says so in its place; the stream goes on.
    """
    if hooks.on_response is None:
        return
    before, numbers, told = stream.transform, count(1), shared()

    async def after(event: bytes) -> bytes:
        body = event if before is None else await before(event)
        context.set(told)  # who reads the stream may do so in a task of its own
        more = body[body.rfind(MORE) :] if MORE in body[-LONGEST_MORE:] else b""
        try:
            result: Result = (OK, body, [])
            _, changed, _ = await at_response(hooks, result, request_id, next(numbers))
        except HookFailedError as error:
            changed = error_body(f"{error}.", error.code, requestId=request_id)
        if more and changed is not body and MORE not in changed[-LONGEST_MORE:]:
            return changed[:-1] + more  # without it, nobody would know the end
        return changed

    stream.transform = after


def written(answer: Answer) -> Result:
    """Write a hook's own answer."""
    return answer.status, answer.body(), list(as_bytes(answer.headers))
