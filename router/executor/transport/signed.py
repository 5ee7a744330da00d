"""Any way to a subgraph, with the router's proof on each request."""

from urllib.parse import unquote, urlsplit

from kit.proof import sign
from router.executor.transport.interface import Headers, Reply, Transport
from router.executor.transport.over_unix import socket_and_path


class SignedTransport:
    """One subgraph that takes requests of the router's alone.

    ``path`` is that of the subgraph's endpoint. Each attempt has a proof of its own:
    none is taken twice.
    """

    def __init__(self, inner: Transport, secret: bytes, path: str) -> None:
        self.inner = inner
        self._secret = secret
        self._path = path

    async def send(self, body: bytes, headers: Headers) -> Reply:
        """Sign the body and the caller's token, and send them with the proof."""
        token = b""
        for name, value in headers:
            if name == b"authorization":
                token = value
        proof = sign(self._secret, self._path, body, token)
        return await self.inner.send(body, (*headers, proof))

    async def close(self) -> None:
        """Close the way itself."""
        await self.inner.close()


def path_of(url: str) -> str:
    """Give a URL's path as the subgraph sees it.

    >>> path_of("http://users:4003/graphql?a=b"), path_of("http://users")
    ('/graphql', '/')
    >>> path_of("unix:///run/users.sock?path=/graphql")
    '/graphql'
    """
    if url.startswith("unix://"):
        url = socket_and_path(url)[1]
    return unquote(urlsplit(url).path) or "/"
