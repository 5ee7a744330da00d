"""What callers send, and get, about queues."""

from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.tickets.models import QueueVisibility
from subgraphs.tickets.types.filters import TicketFilter, TicketOrder
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.queues import Queue


def _maybe(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


def _key() -> Any:
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def _version() -> Any:
    return strawberry.field(default=None, description=VERSION_DESCRIPTION)


def _errors() -> Any:
    return strawberry.field(description="Why nothing was written; empty when it was.")


def _queue() -> Any:
    return strawberry.field(
        default=None,
        description="The queue as it is now; null if it was refused, but for STALE.",
    )


def _repeated() -> Any:
    return strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )


@strawberry.input(description="A new queue.")
class CreateQueueInput:
    name: str = strawberry.field(description="Its name, at most 200 characters.")
    visibility: QueueVisibility = strawberry.field(
        default=QueueVisibility.OWNER, description="Who sees the queue."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The group that works on it: one of the caller's own, or any with "
        "tickets:manage. Null: none; it cannot be with GROUP.",
    )
    filter: TicketFilter = strawberry.field(
        description="Which tickets stand in it. A duration counts from when it is read."
    )
    order_by: list[TicketOrder] | None = strawberry.field(
        default=None, description="In which order; null: the newest first."
    )
    idempotency_key: str | None = _key()


@strawberry.input(
    description="What of a queue changes. A field left out is unchanged; an explicit "
    "null clears."
)
class UpdateQueueInput:
    id: strawberry.ID = strawberry.field(description="The queue.")
    expected_version: int | None = _version()
    name: str | None = _maybe("Its name; it cannot be cleared.")
    visibility: QueueVisibility | None = _maybe("Who sees it; null: OWNER.")
    group_id: strawberry.ID | None = _maybe("The group that works on it.")
    filter: TicketFilter | None = _maybe("Which tickets stand in it; null: all.")
    order_by: list[TicketOrder] | None = _maybe("In which order.")
    idempotency_key: str | None = _key()


@strawberry.input(description="A queue that nobody needs any more.")
class RetireQueueInput:
    id: strawberry.ID = strawberry.field(description="The queue.")
    expected_version: int | None = _version()
    idempotency_key: str | None = _key()


@strawberry.type(description="What came of it.")
class CreateQueuePayload:
    user_errors: list[TicketUserError] = _errors()
    queue: Queue | None = _queue()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class UpdateQueuePayload:
    user_errors: list[TicketUserError] = _errors()
    queue: Queue | None = _queue()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class RetireQueuePayload:
    user_errors: list[TicketUserError] = _errors()
    queue: Queue | None = strawberry.field(
        default=None, description="With STALE the queue as it is now; null otherwise."
    )
    retired: bool = strawberry.field(
        default=False, description="It is gone; the tickets in it are not touched."
    )
    repeated: bool = _repeated()
