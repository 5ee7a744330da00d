"""What went wrong while gathering, as errors that a client may see.

A fault costs fields, never the operation. It names the subgraph (``service``) and
the place in the client's own answer (``path``).
"""

from collections.abc import Container, Iterable
from typing import Any, cast

from router.errors import ClientPath, Problem

REDACTED = "Subgraph errors redacted"
"""Apollo Router's words, so that clients and dashboards know them."""


class SubgraphFault(Exception):  # noqa: N818 - a fault is what the house calls it
    """A subgraph did not answer, or its answer is none.

    Raised inside the executor only: it becomes problems at the paths that the
    fetch was to fill.
    """

    def __init__(
        self, service: str, message: str, *, code: str, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.service = service
        self.message = message
        self.code = code
        self.status = status

    def problem(self) -> Problem:
        """Show the fault, without a path yet.

        >>> fault = SubgraphFault("users", "connection refused", code="GONE")
        >>> fault.problem().message
        "The subgraph 'users' could not answer: connection refused."
        """
        extensions: dict[str, Any] = {"code": self.code, "service": self.service}
        if self.status is not None:
            extensions["http"] = {"status": self.status}
        said = f"The subgraph '{self.service}' could not answer: {self.message}."
        return Problem(said, None, extensions, said)


def unavailable(service: str, message: str) -> SubgraphFault:
    """Name a subgraph that does not answer (in time)."""
    return SubgraphFault(service, message, code="SUBGRAPH_UNAVAILABLE")


def malformed(service: str, message: str) -> SubgraphFault:
    """Name a subgraph whose answer is not a GraphQL answer to what was asked."""
    return SubgraphFault(service, message, code="SUBREQUEST_MALFORMED_RESPONSE")


def failed(service: str, status: int) -> SubgraphFault:
    """Name a subgraph that answered with a failing HTTP status and nothing else."""
    code = "SUBGRAPH_UNAVAILABLE" if status >= SERVER_ERROR else "SUBREQUEST_HTTP_ERROR"
    return SubgraphFault(service, f"HTTP status {status}", code=code, status=status)


SERVER_ERROR = 500


def read_problem(
    error: object, service: str, *, whole: bool, codes: Container[str] = ()
) -> Problem:
    """Read one entry of a subgraph's ``errors``; its path is still the subgraph's.

    The client always learns the code and the service; the message and the other
    extensions only if they may leave (``include_subgraph_errors``), or the message
    alone because of its code (``helpnest.readable_errors``).

    >>> error = {"message": "boom", "extensions": {"code": "FORBIDDEN", "sql": "…"}}
    >>> shown = read_problem(error, "users", whole=False)
    >>> shown.message, dict(shown.extensions)
    ('Subgraph errors redacted', {'code': 'FORBIDDEN', 'service': 'users'})
    """
    entry = as_object(error)
    message = str(entry.get("message", "no message"))
    given = as_object(entry.get("extensions"))
    code = given.get("code", "DOWNSTREAM_SERVICE_ERROR")
    code = code if isinstance(code, str) else "DOWNSTREAM_SERVICE_ERROR"
    extensions = dict(given) if whole else {}
    extensions["code"], extensions["service"] = code, service
    return Problem(
        message if whole or code in codes else REDACTED,
        read_path(entry.get("path")),
        extensions,
        message,
    )


def as_object(value: object) -> dict[str, Any]:
    """Take a JSON object as it is and anything else as an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def read_path(value: object) -> ClientPath | None:
    """Take a path of keys and indexes; anything else is no path."""
    if not isinstance(value, list):
        return None
    steps = tuple(cast("list[object]", value))
    if all(isinstance(step, str | int) for step in steps):
        return cast("ClientPath", steps)
    return None


def at_each(problem: Problem, paths: Iterable[ClientPath]) -> list[Problem]:
    """Repeat a problem at every place that it cost; at none, if there is none."""
    found = [problem.at(path) for path in paths]
    return found or [problem.at(None)]
