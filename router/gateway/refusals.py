"""Requests that end before a subgraph is asked: the errors and the status they get."""

from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLError

from router.errors import RequestError

Json = dict[str, Any]

BAD_REQUEST = 400


class RefusedError(RequestError):
    """A request was understood well enough to say what is wrong with it.

    ``of_document`` tells that the HTTP request itself was fine: a client that only
    knows `application/json` then expects status 200.
    """

    def __init__(
        self,
        errors: Sequence[Json],
        *,
        status: int = BAD_REQUEST,
        of_document: bool = False,
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(str(errors[0]["message"]))
        self.errors = errors
        self.status = status
        self.of_document = of_document
        self.headers = headers

    def body(self, request_id: str | None = None) -> bytes:
        """Write the answer: errors and no data."""
        errors = list(self.errors)
        if request_id is not None:
            errors = [
                {**e, "extensions": {**e["extensions"], "requestId": request_id}}
                for e in errors
            ]
        return orjson.dumps({"errors": errors})


def refuse(message: str, code: str, *, status: int = BAD_REQUEST) -> RefusedError:
    """Refuse for one reason."""
    return RefusedError(
        [{"message": message, "extensions": {"code": code}}], status=status
    )


def refuse_document(errors: Sequence[GraphQLError], code: str) -> RefusedError:
    """Refuse for what graphql-core found in a document or in its variables."""
    return RefusedError([write_error(each, code) for each in errors], of_document=True)


def refuse_quietly(code: str) -> RefusedError:
    """Refuse a document, and tell nothing of the schema that it does not fit."""
    message = "The document does not fit the schema; sign in to read where."
    error = {"message": message, "extensions": {"code": code}}
    return RefusedError([error], of_document=True)


def write_error(error: GraphQLError, code: str) -> Json:
    """Write graphql-core's error as clients read it.

    >>> write_error(GraphQLError("No."), "GRAPHQL_PARSE_FAILED")
    {'message': 'No.', 'extensions': {'code': 'GRAPHQL_PARSE_FAILED'}}
    """
    written: Json = {"message": error.message}
    if error.locations:
        written["locations"] = [
            {"line": place.line, "column": place.column} for place in error.locations
        ]
    extensions = dict(error.extensions or {})
    extensions.setdefault("code", code)
    written["extensions"] = extensions
    return written
