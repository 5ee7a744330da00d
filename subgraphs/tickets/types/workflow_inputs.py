"""What administrators send about a ticket's life, and what they are answered."""

from typing import Any

import strawberry

from kit.scalars import Duration
from subgraphs.tickets.models import (
    HoldReason,
    Impact,
    Priority,
    StatusCategory,
    TicketType,
    Urgency,
)
from subgraphs.tickets.types.fields import (
    errors_field,
    key_field,
    maybe,
    repeated_field,
)
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.settings import TicketStatus
from subgraphs.tickets.types.words import TransitionCheck
from subgraphs.tickets.types.workflow import (
    PriorityCell,
    ResolutionCode,
    TicketLifecycle,
    WorkflowStep,
)

RETIRED = "Out of use (true) or in use again (false)."


def types_field(description: str) -> Any:
    """Say to which types something applies; all unless they are named."""
    return strawberry.field(default=None, description=description)


@strawberry.input(description="A new status inside a category.")
class CreateTicketStatusInput:
    key: str = strawberry.field(
        description="Short name for machines: small letters, digits and underscores, "
        "50 at most. It never changes."
    )
    name: str = strawberry.field(description="Name for people, at most 200 characters.")
    category: StatusCategory = strawberry.field(
        description="What it means. It never changes."
    )
    applies_to: list[TicketType] | None = types_field(
        "The types of ticket that may have it; null: all."
    )
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="What of a status changes. A field left out is unchanged."
)
class UpdateTicketStatusInput:
    id: strawberry.ID = strawberry.field(description="The status.")
    name: str | None = maybe("Name for people; it cannot be cleared.")
    applies_to: list[TicketType] | None = types_field(
        "The types of ticket that may have it; null: unchanged."
    )
    retired: bool | None = strawberry.field(
        default=None,
        description=f"{RETIRED} The steps that lead to a status go with it. Null: "
        "unchanged.",
    )
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class TicketStatusPayload:
    user_errors: list[TicketUserError] = errors_field()
    status: TicketStatus | None = strawberry.field(
        default=None,
        description="The status; where the key is taken, the one that has it.",
    )
    repeated: bool = repeated_field()


@strawberry.input(description="A step of a type's workflow, and all that it demands.")
class SetTransitionInput:
    type: TicketType = strawberry.field(description="Whose workflow.")
    from_status_key: str = strawberry.field(description="Where it begins.")
    to_status_key: str = strawberry.field(description="Where it leads.")
    required_fields: list[str] = strawberry.field(
        default_factory=list,
        description="Inputs of `transitionTicket` that it demands: holdReason (always "
        "demanded by a step on hold), resolutionCode, resolutionNotes, note.",
    )
    checks: list[TransitionCheck] = strawberry.field(
        default_factory=list, description="What must not be so when it is taken."
    )
    idempotency_key: str | None = key_field()


@strawberry.input(description="A step that no type's ticket is to take any more.")
class RemoveTransitionInput:
    type: TicketType = strawberry.field(description="Whose workflow.")
    from_status_key: str = strawberry.field(description="Where it begins.")
    to_status_key: str = strawberry.field(description="Where it leads.")
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class TransitionPayload:
    user_errors: list[TicketUserError] = errors_field()
    workflow: list[WorkflowStep] = strawberry.field(
        description="The type's whole workflow as it is now."
    )
    repeated: bool = repeated_field()


@strawberry.input(
    description="What changes of what goes by the calendar. A field left out is "
    "unchanged."
)
class ConfigureTicketLifecycleInput:
    reopen_within: Duration | None = maybe(
        "How long after its end a ticket may be reopened; null: for ever."
    )
    close_after: Duration | None = maybe(
        "How long after it was resolved a ticket closes by itself; null: never."
    )
    resume_on_reply: list[HoldReason] | None = maybe(
        "For which hold reasons a public reply of the requester takes a ticket off "
        "hold; empty: for none. It cannot be null."
    )
    reopen_on_reply: bool | None = maybe(
        "Whether a public reply of the requester reopens a ticket that is resolved. It "
        "cannot be null."
    )
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class ConfigureTicketLifecyclePayload:
    user_errors: list[TicketUserError] = errors_field()
    lifecycle: TicketLifecycle | None = strawberry.field(
        default=None, description="What holds now; null if it was refused."
    )
    repeated: bool = repeated_field()


@strawberry.input(description="A new kind of solution.")
class CreateResolutionCodeInput:
    code: str = strawberry.field(
        description="What `resolutionCode` is to be, at most 64 characters. It never "
        "changes."
    )
    name: str = strawberry.field(description="Name for people, at most 200 characters.")
    applies_to: list[TicketType] | None = types_field(
        "The types of ticket that may be solved so; null: all."
    )
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="What of a kind of solution changes. A field left out is unchanged."
)
class UpdateResolutionCodeInput:
    id: strawberry.ID = strawberry.field(description="The kind of solution.")
    name: str | None = maybe("Name for people; it cannot be cleared.")
    applies_to: list[TicketType] | None = types_field(
        "The types of ticket that may be solved so; null: unchanged."
    )
    retired: bool | None = strawberry.field(
        default=None, description=f"{RETIRED} Null: unchanged."
    )
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class ResolutionCodePayload:
    user_errors: list[TicketUserError] = errors_field()
    resolution_code: ResolutionCode | None = strawberry.field(
        default=None,
        description="The kind; where the code is taken, the one that has it.",
    )
    repeated: bool = repeated_field()


@strawberry.input(description="One cell of the priority matrix.")
class SetPriorityInput:
    impact: Impact = strawberry.field(description="How much is affected.")
    urgency: Urgency = strawberry.field(description="How soon it must be mended.")
    priority: Priority = strawberry.field(
        description="What follows from now on. Tickets keep the priority they have."
    )
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class SetPriorityPayload:
    user_errors: list[TicketUserError] = errors_field()
    matrix: list[PriorityCell] = strawberry.field(
        description="The whole matrix as it is now."
    )
    repeated: bool = repeated_field()
