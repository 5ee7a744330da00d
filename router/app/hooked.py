"""A request to the endpoint, as hooks see it: before, in the middle, and after."""

from dataclasses import replace

from router.app.asgi import RawHeaders
from router.app.requests import Head
from router.gateway.pipeline import Asked, Gateway
from router.hooks.load import HookFailedError, Hooks, call
from router.hooks.model import Answer, Request, Response, SupergraphRequest, context
from router.hooks.transport import as_bytes, as_text

BAD, OURS = 400, 500

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


async def at_response(hooks: Hooks, result: Result, request_id: str) -> Result:
    """Let ``on_response`` change the answer.

    Raises:
        HookFailedError: it failed, and the request had not been refused anyway.

    """
    if hooks.on_response is None:
        return result
    status, body, headers = result
    response = Response(
        as_text(tuple(headers)), status=status, body=body, request_id=request_id
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


def written(answer: Answer) -> Result:
    """Write a hook's own answer."""
    return answer.status, answer.body(), list(as_bytes(answer.headers))
