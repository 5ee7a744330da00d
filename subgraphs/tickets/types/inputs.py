"""What callers send with mutations."""

from datetime import datetime

import strawberry

from subgraphs.tickets.models import (
    Channel,
    HoldReason,
    Impact,
    Priority,
    TicketType,
    Urgency,
)
from subgraphs.tickets.types.details_inputs import (
    CustomFieldInput,
    TicketDetailsInput,
)
from subgraphs.tickets.types.fields import (
    actor_field,
    instant_field,
    key_field,
    maybe,
    version_field,
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
        default=None,
        description="What it is about; null if not known. Where no group is named, it "
        "goes to its category's.",
    )
    service_id: strawberry.ID | None = strawberry.field(
        default=None, description="The service it concerns; null if not known."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The group to give it to; null for none. One whose policy chooses "
        "does so at once, unless an assignee is named. Requires tickets:work.",
    )
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who is to work on it; null for nobody. Requires tickets:work.",
    )
    tags: list[str] | None = strawberry.field(
        default=None,
        description="Free labels: at most 20, of at most 50 characters each.",
    )
    details: TicketDetailsInput | None = strawberry.field(
        default=None,
        description="What it has by its type; others than a service request's require "
        "tickets:work. Null: nothing yet.",
    )
    custom_fields: list[CustomFieldInput] | None = strawberry.field(
        default=None,
        description="What custom fields hold; those that are required must be here.",
    )
    watcher_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Who watches it from the beginning, and so sees it: at most 200. "
        "Null: nobody yet.",
    )
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="What of a ticket changes. A field left out is unchanged; an explicit "
    "null clears."
)
class UpdateTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
    title: str | None = maybe("What it is about; it cannot be cleared.")
    description: str | None = maybe("All of it, as Markdown.")
    impact: Impact | None = maybe(
        "How much is affected; null: MEDIUM. Requires tickets:work."
    )
    urgency: Urgency | None = maybe(
        "How soon it must be mended; null: MEDIUM. Requires tickets:work."
    )
    priority_override: Priority | None = maybe(
        "A priority against the matrix; null: the matrix's again. Requires "
        "tickets:work."
    )
    priority_override_reason: str | None = maybe(
        "Why, for the history, at most 4,000 characters: an override takes one."
    )
    category_id: strawberry.ID | None = maybe(
        "What it is about. Requires tickets:work."
    )
    service_id: strawberry.ID | None = maybe(
        "The service it concerns. Requires tickets:work."
    )
    tags: list[str] | None = maybe("All its labels, in place of those it had.")
    custom_fields: list[CustomFieldInput] | None = strawberry.field(
        default=None,
        description="Custom fields that change, those named here alone; null: none. "
        "Requires tickets:work.",
    )
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="Who is to see to a ticket. A field left out is unchanged; an explicit "
    "null takes the ticket away."
)
class AssignTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
    group_id: strawberry.ID | None = maybe(
        "The group. Another one than before counts as a reassignment."
    )
    assignee_id: strawberry.ID | None = maybe(
        "The person, who must be in the group that has it; not with `auto`."
    )
    auto: bool = strawberry.field(
        default=False,
        description="Let the group's policy choose somebody who is available and not "
        "at capacity; `reason` says why that one.",
    )
    skills: list[str] | None = strawberry.field(
        default=None,
        description="With `auto`: what the work takes, 20 words at most. Null: where "
        "the group goes by skills, those that the ticket's tags name.",
    )
    note: str | None = strawberry.field(
        default=None,
        description="Why, for the history; at most 4,000 characters.",
    )
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(description="Where a ticket is to go.")
class TransitionTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
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
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(description="A new category.")
class CreateCategoryInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one there has it."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The category it is part of; null at the top."
    )
    default_group_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The group that gets what is opened in it without a group; null: "
        "that of the category it is part of.",
    )
    idempotency_key: str | None = key_field()


@strawberry.input(description="A new service.")
class CreateServiceInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one has it."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who answers for it; null for nobody."
    )
    idempotency_key: str | None = key_field()
