"""A subgraph's address → the transport that reaches it."""

from router.executor.transport.in_process import AsgiApp, InProcessTransport
from router.executor.transport.interface import LARGEST_ANSWER, Transport
from router.executor.transport.over_http import HttpTransport
from router.executor.transport.over_unix import UnixTransport
from router.executor.transport.signed import SignedTransport, path_of

IN_PROCESS_PATH = "/graphql"


def open_transport(
    target: str | AsgiApp,
    *,
    largest_answer: int = LARGEST_ANSWER,
    secret: bytes | None = None,
) -> Transport:
    """Choose by what the target is: an application, a unix URL, an HTTP URL.

    With a ``secret``, each request carries the router's proof.

    >>> type(open_transport("unix:///run/users.sock?path=/graphql")).__name__
    'UnixTransport'

    Raises:
        ValueError: the URL has a scheme that no transport speaks.

    """
    found = open_plain(target, largest_answer)
    if secret is None:
        return found
    path = path_of(target) if isinstance(target, str) else IN_PROCESS_PATH
    return SignedTransport(found, secret, path)


def open_plain(target: str | AsgiApp, largest_answer: int) -> Transport:
    """Open the way itself.

    Raises:
        ValueError: the URL has a scheme that no transport speaks.

    """
    if not isinstance(target, str):
        return InProcessTransport(
            target, path=IN_PROCESS_PATH, largest_answer=largest_answer
        )
    if target.startswith("unix://"):
        return UnixTransport(target, largest_answer=largest_answer)
    if target.startswith(("http://", "https://")):
        return HttpTransport(target, largest_answer=largest_answer)
    raise ValueError(f"no transport speaks {target!r}; use http, https or unix")
