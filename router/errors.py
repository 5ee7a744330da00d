"""What can go wrong in the router, sorted by whose fault it is.

    RouterError
    ├── RequestError               the request's: a 4xx, told to the client
    │   ├── OperationError         no such operation, or one we refuse
    │   └── OperationLimitError    too large, too deep, or too costly to plan
    ├── SubgraphError              a subgraph's: named, redacted for clients
    └── OurError                   ours: a 5xx, or a refusal to start
        ├── SupergraphError        no supergraph, or one we cannot obey
        ├── ConfigurationError     a setting is unknown, missing or wrong
        └── UnsatisfiableError     the supergraph has no way to a field it promises

Each carries the `code` that goes into an error's `extensions`.

A failure that ends the operation is raised; one that only costs some of its fields
is a `Problem`, gathered beside the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

OURS = "Something went wrong on our side; the request id helps us find it."
"""All that a client learns of a failure of ours."""

ClientPath = tuple[str | int, ...]
"""Where in the client's own answer: `("tickets", 0, "assignee")`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of an answer's `errors`.

    `private` is what only the log may say: the subgraph's own words, or the
    network's. A `silent` one explains a null and is not told to the client.
    """

    message: str
    path: ClientPath | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)
    private: str | None = None
    silent: bool = False

    def at(self, path: ClientPath | None) -> "Problem":
        """Give the same problem at another place."""
        return replace(self, path=path)


class RouterError(Exception):
    """Any failure that the router itself names."""

    code = "INTERNAL"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class RequestError(RouterError):
    """The request is at fault; the message is safe to show to its sender."""

    code = "BAD_REQUEST"


class OperationError(RequestError):
    """The document does not hold the operation that was asked for."""

    code = "GRAPHQL_VALIDATION_FAILED"


class OperationLimitError(RequestError):
    """The operation is larger, deeper or harder to plan than allowed."""

    code = "OPERATION_LIMIT_EXCEEDED"


class SubgraphError(RouterError):
    """A subgraph failed or answered something that is no GraphQL answer."""

    code = "SUBREQUEST_HTTP_ERROR"

    def __init__(self, service: str, message: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.service = service


class OurError(RouterError):
    """The router, its configuration or its supergraph is at fault."""


class SupergraphError(OurError):
    """The supergraph document cannot be used.

    `line` is where in the document, where that is known.
    """

    code = "INVALID_SUPERGRAPH"

    def __init__(self, message: str, *, line: int | None = None) -> None:
        place = f" (line {line})" if line else ""
        super().__init__(message + place)
        self.line = line


class ConfigurationError(OurError):
    """The configuration cannot be used; the message names the key."""

    code = "INVALID_CONFIGURATION"


class UnsatisfiableError(OurError):
    """The supergraph offers no way to resolve a field from where it is asked.

    Such a supergraph should not have composed. The message names the field and
    the subgraphs the way was looked for from.
    """

    code = "UNSATISFIABLE"
