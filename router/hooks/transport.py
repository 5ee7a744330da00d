"""Any way to a subgraph, with hooks before and behind it."""

from collections.abc import Generator
from contextlib import contextmanager

from router.executor.faults import SubgraphFault
from router.executor.transport.interface import Headers, Reply, Transport
from router.hooks.load import HookFailedError, Hooks, call
from router.hooks.model import Answer, Pairs, SubgraphRequest, SubgraphResponse


class HookedTransport:
    """One subgraph; a hook that fails costs this request's fields and no others."""

    def __init__(self, inner: Transport, subgraph: str, hooks: Hooks) -> None:
        self.inner = inner
        self._around = Around(subgraph, hooks)

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Ask the hooks, the subgraph, and the hooks again.

        Raises:
            SubgraphFault: a hook failed.
            TransportError: no whole answer came.

        """
        asked = await self._around.request(body, headers)
        if isinstance(asked, Reply):
            return asked
        return await self._around.response(await self.inner.send(*asked))

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()


class Around:
    """The hooks of one subgraph: before what is asked, behind what is answered."""

    def __init__(self, subgraph: str, hooks: Hooks) -> None:
        self._subgraph = subgraph
        self._hooks = hooks

    async def request(
        self, body: bytes, headers: Headers
    ) -> tuple[bytes, Headers] | Reply:
        """Let ``on_subgraph_request`` change what is asked, or answer.

        Raises:
            SubgraphFault: it failed.

        """
        hook = self._hooks.on_subgraph_request
        if hook is None:
            return body, headers
        request = SubgraphRequest(as_text(headers), subgraph=self._subgraph, body=body)
        with self._faults():
            answer = await call("on_subgraph_request", hook, request)
        if answer is not None:
            return reply_of(answer)
        return request.body, as_bytes(request.headers)

    async def response(self, reply: Reply) -> Reply:
        """Let ``on_subgraph_response`` change what is answered.

        Raises:
            SubgraphFault: it failed.

        """
        hook = self._hooks.on_subgraph_response
        if hook is None:
            return reply
        response = SubgraphResponse(
            as_text(reply.headers),
            subgraph=self._subgraph,
            status=reply.status,
            body=reply.body,
        )
        with self._faults():
            answer = await call("on_subgraph_response", hook, response)
        if answer is not None:
            return reply_of(answer)
        return Reply(response.status, response.body, as_bytes(response.headers))

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except HookFailedError as error:
            said = f"the hook {error.hook} failed"
            raise SubgraphFault(self._subgraph, said, code=error.code) from error


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
