"""Any way to a subgraph, with hooks before and behind it."""

from router.executor.faults import SubgraphFault
from router.executor.transport.interface import Headers, Reply, Transport
from router.hooks.load import HookFailedError, Hooks, call
from router.hooks.model import Answer, Pairs, SubgraphRequest, SubgraphResponse


class HookedTransport:
    """One subgraph; a hook that fails costs this request's fields and no others."""

    def __init__(self, inner: Transport, subgraph: str, hooks: Hooks) -> None:
        self.inner = inner
        self._subgraph = subgraph
        self._hooks = hooks

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Ask the hooks, the subgraph, and the hooks again.

        Raises:
            SubgraphFault: a hook failed.
            TransportError: no whole answer came.

        """
        try:
            return await self._send(body, headers)
        except HookFailedError as error:
            said = f"the hook {error.hook} failed"
            raise SubgraphFault(self._subgraph, said, code=error.code) from error

    async def _send(self, body: bytes, headers: Headers) -> Reply:
        hooks = self._hooks
        if hooks.on_subgraph_request is not None:
            request = SubgraphRequest(
                as_text(headers), subgraph=self._subgraph, body=body
            )
            answer = await call(
                "on_subgraph_request", hooks.on_subgraph_request, request
            )
            if answer is not None:
                return reply_of(answer)
            body, headers = request.body, as_bytes(request.headers)
        reply = await self.inner.send(body, headers)
        if hooks.on_subgraph_response is None:
            return reply
        response = SubgraphResponse(
            as_text(reply.headers),
            subgraph=self._subgraph,
            status=reply.status,
            body=reply.body,
        )
        answer = await call(
            "on_subgraph_response", hooks.on_subgraph_response, response
        )
        if answer is not None:
            return reply_of(answer)
        return Reply(response.status, response.body, as_bytes(response.headers))

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()


def reply_of(answer: Answer) -> Reply:
    """Take a hook's answer for the subgraph's."""
    return Reply(answer.status, answer.body(), as_bytes(answer.headers))


def as_text(headers: Headers) -> Pairs:
    """Decode headers for people.

    >>> as_text(((b"x-a", b"1"),))
    [('x-a', '1')]
    """
    return [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in headers
    ]


def as_bytes(headers: Pairs) -> Headers:
    """Write headers as ASGI has them, names in lower case."""
    return tuple(
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers
    )
