"""Bytes of an HTTP body → a GraphQL request, or a refusal that says why.

It stands before everything else, for the router and for each subgraph: whatever
arrives, the answer is a request of the right shape or a 4xx.

Source: GraphQL over HTTP, sections "Request" and "Processing a request".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson

MAX_JSON_DEPTH: Final = 50

CONTAINERS: Final = frozenset({dict, list})
"""What JSON's objects and arrays are, once they are parsed."""

ACCEPTED_CHARSETS: Final = frozenset({"utf-8", "utf8", ""})


class RefusedRequestError(Exception):
    """The request is not one: an HTTP status (4xx), and a message for the client."""

    def __init__(self, status: int, message: str, code: str = "BAD_REQUEST") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


@dataclass(slots=True)
class GraphQLRequest:
    """One operation to run, as the client sent it.

    ``document_id`` names a persisted document in the place of ``query``.
    """

    query: str | None
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    extensions: dict[str, Any] = field(default_factory=dict[str, Any])
    document_id: str | None = None


def check_media_type(content_type: str | None, encoding: str | None) -> None:
    """Refuse a body that is not JSON in UTF-8, sent as it is.

    Raises:
        RefusedRequestError: 415, naming what was sent and what is taken.

    """
    if encoding and encoding.lower() != "identity":
        raise RefusedRequestError(415, f"Content-Encoding {encoding!r} is not taken.")
    media, _, parameters = (content_type or "").partition(";")
    if media.strip().lower() != "application/json":
        raise RefusedRequestError(
            415, f"Content-Type is {content_type!r}; send application/json."
        )
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        wanted = name.lower() == "charset"
        if wanted and value.strip('"').lower() not in ACCEPTED_CHARSETS:
            raise RefusedRequestError(415, f"The charset {value!r} is not UTF-8.")


def parse_json(body: bytes) -> Any:
    """Parse JSON that nests no deeper than `MAX_JSON_DEPTH`.

    Raises:
        RefusedRequestError: 400, the body is empty, not UTF-8, not JSON or too deep.

    """
    if not body:
        raise RefusedRequestError(400, "The body is empty.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusedRequestError(400, f"The body is not JSON: {error.msg}.") from error
    # Fewer brackets than the limit cannot nest deeper: most requests end here.
    if (
        body.count(b"{") + body.count(b"[") > MAX_JSON_DEPTH
        and nesting(value) > MAX_JSON_DEPTH
    ):
        raise RefusedRequestError(
            400, f"The body nests deeper than {MAX_JSON_DEPTH} levels."
        )
    return value


def nesting(value: object) -> int:
    """Count how deep arrays and objects nest, without recursion.

    >>> nesting({"a": [1, {"b": 2}]})
    3
    """
    deepest = 0
    level: list[Any] = [value] if value.__class__ in CONTAINERS else []
    while level:
        deepest += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if outer.__class__ is dict else outer)
            if inner.__class__ in CONTAINERS
        ]
    return deepest


def read_request(value: object) -> GraphQLRequest:
    """Check the members of one parsed request.

    Raises:
        RefusedRequestError: 400, naming the member that has the wrong type.

    """
    if isinstance(value, list):
        raise RefusedRequestError(
            400, "Batches are not taken; send one request at a time."
        )
    if not isinstance(value, dict):
        raise RefusedRequestError(400, "The body is not a JSON object.")
    members = cast("dict[str, Any]", value)
    query, name = members.get("query"), members.get("operationName")
    variables, extensions = members.get("variables"), members.get("extensions")
    document_id = members.get("documentId")
    if not (
        (query is None or query.__class__ is str)
        and (name is None or name.__class__ is str)
        and (variables is None or variables.__class__ is dict)
        and (extensions is None or extensions.__class__ is dict)
        and (document_id is None or document_id.__class__ is str)
    ):
        refuse_types(members)
    return GraphQLRequest(
        query, name, variables or {}, extensions or {}, document_id or None
    )


MEMBERS: Final = {
    "query": str,
    "operationName": str,
    "variables": dict,
    "extensions": dict,
    "documentId": str,
}


def refuse_types(members: Mapping[str, object]) -> None:
    """Name the first member that is of another type than it should be.

    Raises:
        RefusedRequestError: 400.

    """
    for name, kind in MEMBERS.items():
        value = members.get(name)
        if value is not None and not isinstance(value, kind):
            wanted = "a string" if kind is str else "an object"
            raise RefusedRequestError(400, f"'{name}' must be {wanted}.")


def error_body(message: str, code: str, **extensions: object) -> bytes:
    """Write a GraphQL answer that holds one error and no data.

    >>> error_body("No.", "FORBIDDEN")
    b'{"errors":[{"message":"No.","extensions":{"code":"FORBIDDEN"}}]}'
    """
    error = {"message": message, "extensions": {"code": code, **extensions}}
    return orjson.dumps({"errors": [error]})
