"""A subgraph's raw reply → its data and its errors, or a fault."""

from typing import Any, cast

import orjson

from router.executor.faults import failed, malformed
from router.executor.transport.interface import Reply

Json = dict[str, Any]

OK = 200


def read_answer(reply: Reply, service: str) -> tuple[Json | None, list[Any]]:
    """Read a GraphQL answer: its ``data`` (null allowed) and its ``errors``.

    A failing status with a GraphQL body is an answer; without one it is a fault.

    Raises:
        SubgraphFault: the body is not JSON, not an object, or has neither.

    """
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError as error:
        if not succeeded(reply):
            raise failed(service, reply.status) from error
        raise malformed(service, "its answer is not JSON") from error
    if answer.__class__ is dict and reply.status == OK and "errors" not in answer:
        data = answer.get("data")
        if data.__class__ is dict:
            return data, []
    return read_unusual(answer, reply, service)


def read_unusual(
    answer: object, reply: Reply, service: str
) -> tuple[Json | None, list[Any]]:
    """Read an answer that is not simply data, and say what is wrong with it.

    Raises:
        SubgraphFault: it is no GraphQL answer.

    """
    fields = cast("Json", answer) if isinstance(answer, dict) else {}
    if not fields.keys() & {"data", "errors"}:
        if not succeeded(reply):
            raise failed(service, reply.status)
        raise malformed(service, "its answer has neither data nor errors")
    data, errors = fields.get("data"), fields.get("errors") or []
    if data is not None and not isinstance(data, dict):
        raise malformed(service, "its data is not an object")
    if not isinstance(errors, list):
        raise malformed(service, "its errors are not a list")
    if data is None and not errors:
        if not succeeded(reply):
            raise failed(service, reply.status)
        raise malformed(service, "its data is null, and no error says why")
    return cast("Json | None", data), cast("list[Any]", errors)


def succeeded(reply: Reply) -> bool:
    """Say whether the status is one of success."""
    return OK <= reply.status < OK + 100


def entities_of(data: Json, key: str, count: int, service: str) -> list[Any]:
    """Take the list that answers the representations sent, one for each.

    Raises:
        SubgraphFault: it is not such a list.

    """
    entities: list[Any] = data.get(key)  # pyright: ignore[reportAssignmentType] - looked at next
    if entities.__class__ is not list:
        raise malformed(service, "its entities are not a list")
    if len(entities) != count:
        raise malformed(service, f"it gave {len(entities)} entities for {count}")
    return entities
