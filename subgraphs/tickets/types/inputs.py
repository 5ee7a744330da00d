"""What callers send with mutations."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.tickets.models import (
    Channel,
    HoldReason,
    Impact,
    Priority,
    TicketType,
    Urgency,
)


def _maybe(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


def _key() -> Any:
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def _version() -> Any:
    return strawberry.field(default=None, description=VERSION_DESCRIPTION)


def _instant() -> Any:
    return strawberry.field(
        default=None,
        description="When it happened, for imports. Null: now. Requires "
        "tickets:import.",
    )


def _actor() -> Any:
    return strawberry.field(
        default=None,
        description="Id of the user who did it, for imports. Null: the caller. "
        "Requires tickets:import.",
    )


@strawberry.input(description="What somebody asks for.")
class CreateTicketInput:
    type: TicketType = strawberry.field(description="The practice it belongs to.")
    title: str = strawberry.field(
        description="What it is about, in one line of at most 250 characters."
    )
    description: str | None = strawberry.field(
        default=None,
        description="All of it, as Markdown; at most 20,000 characters.",
    )
    requester_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Whom it is for. Null: the caller. Somebody else requires "
        "tickets:work, or a service account.",
    )
    channel: Channel = strawberry.field(
        default=Channel.API, description="How it came in."
    )
    impact: Impact | None = strawberry.field(
        default=None, description="How much is affected. Null: MEDIUM."
    )
    urgency: Urgency | None = strawberry.field(
        default=None, description="How soon it must be mended. Null: MEDIUM."
    )
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it is about; null if not known."
    )
    service_id: strawberry.ID | None = strawberry.field(
        default=None, description="The service it concerns; null if not known."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The group to give it to; null for none. Requires tickets:work.",
    )
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who is to work on it; null for nobody. Requires tickets:work.",
    )
    tags: list[str] | None = strawberry.field(
        default=None,
        description="Free labels: at most 20, of at most 50 characters each.",
    )
    occurred_at: datetime | None = _instant()
    actor_id: strawberry.ID | None = _actor()
    idempotency_key: str | None = _key()


@strawberry.input(
    description="What of a ticket changes. A field left out is unchanged; an explicit "
    "null clears."
)
class UpdateTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = _version()
    title: str | None = _maybe("What it is about; it cannot be cleared.")
    description: str | None = _maybe("All of it, as Markdown.")
    impact: Impact | None = _maybe(
        "How much is affected; null: MEDIUM. Requires tickets:work."
    )
    urgency: Urgency | None = _maybe(
        "How soon it must be mended; null: MEDIUM. Requires tickets:work."
    )
    priority_override: Priority | None = _maybe(
        "A priority against the matrix; null: the matrix's again. Requires "
        "tickets:work."
    )
    category_id: strawberry.ID | None = _maybe(
        "What it is about. Requires tickets:work."
    )
    service_id: strawberry.ID | None = _maybe(
        "The service it concerns. Requires tickets:work."
    )
    tags: list[str] | None = _maybe("All its labels, in place of those it had.")
    occurred_at: datetime | None = _instant()
    actor_id: strawberry.ID | None = _actor()
    idempotency_key: str | None = _key()


@strawberry.input(
    description="Who is to see to a ticket. A field left out is unchanged; an explicit "
    "null takes the ticket away."
)
class AssignTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = _version()
    group_id: strawberry.ID | None = _maybe(
        "The group. Another one than before counts as a reassignment."
    )
    assignee_id: strawberry.ID | None = _maybe("The person.")
    note: str | None = strawberry.field(
        default=None,
        description="Why, for the history; at most 4,000 characters.",
    )
    occurred_at: datetime | None = _instant()
    actor_id: strawberry.ID | None = _actor()
    idempotency_key: str | None = _key()


@strawberry.input(description="Where a ticket is to go.")
class TransitionTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = _version()
    to_status_key: str = strawberry.field(
        description="Key of the status, such as `resolved`; `ticketStatuses` lists "
        "them."
    )
    hold_reason: HoldReason | None = strawberry.field(
        default=None, description="What it waits for; only where it is put on hold."
    )
    resolution_code: str | None = strawberry.field(
        default=None,
        description="What kind of solution it was, at most 64 characters; only where "
        "it is resolved or closed.",
    )
    resolution_notes: str | None = strawberry.field(
        default=None,
        description="What was done, at most 4,000 characters; only with a code.",
    )
    note: str | None = strawberry.field(
        default=None,
        description="Why, for the history; at most 4,000 characters.",
    )
    close_children: bool = strawberry.field(
        default=False,
        description="Take its open children along, 200 at most, by the same step: all "
        "of them or none.",
    )
    occurred_at: datetime | None = _instant()
    actor_id: strawberry.ID | None = _actor()
    idempotency_key: str | None = _key()


@strawberry.input(description="A new category.")
class CreateCategoryInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one there has it."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The category it is part of; null at the top."
    )
    idempotency_key: str | None = _key()


@strawberry.input(description="A new service.")
class CreateServiceInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one has it."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who answers for it; null for nobody."
    )
    idempotency_key: str | None = _key()
