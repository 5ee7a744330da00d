"""What clients of `tests.support.following` ask, and how they look at what comes."""

from typing import Any

from tests.support.following import Following
from tests.support.tokens import bearer

CHANGED = (
    "subscription($id: ID!) { ticketChanged(id: $id) { title assignee { name } } }"
)
DEAR = """
demand_control:
  {enabled: true, mode: enforce, strategy: {static_estimated: {max: 1, list_size: 1}}}
"""
JSON_ONLY = (b"accept", b"application/json")
SSE = (b"accept", b"text/event-stream")


def asking(query: str = CHANGED, **variables: Any) -> dict[str, Any]:
    return {"query": query, "variables": variables or {"id": "1"}}


def token_of(subject: str, **more: Any) -> tuple[bytes, bytes]:
    return (b"authorization", bearer(subject, **more)["authorization"].encode())


def of(parts: dict[str, Any]) -> Any:
    return parts["payload"]["data"]["ticketChanged"]


def code(part: Any) -> str:
    found: str = part["errors"][0]["extensions"]["code"]
    return found


async def closed(graph: Following) -> None:
    await graph.heard(0)
    assert len(graph.app.gateway.upstreams) == 0
    assert len(graph.app.serving.endpoint.streams) == 0
    assert graph.app.observer.metrics.subscriptions.value == 0
