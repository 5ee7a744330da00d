"""What callers send about a ticket's type, its details and its custom fields."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import strawberry
from strawberry import UNSET

from kit.scalars import JSON
from subgraphs.tickets.models import Impact, TicketType
from subgraphs.tickets.service.custom_fields import Entry
from subgraphs.tickets.types.events import TicketEvent
from subgraphs.tickets.types.fields import (
    actor_field,
    errors_field,
    instant_field,
    key_field,
    maybe,
    repeated_field,
    version_field,
)
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.ticket import Ticket
from subgraphs.tickets.types.words import ApprovalState, ChangeKind

NOTE: Final = "Why, for the history; at most 4,000 characters."


@strawberry.input(
    description="What of an incident changes. A field left out is unchanged; an "
    "explicit null clears."
)
class IncidentDetailsInput:
    major: bool | None = maybe("Many are affected, and all hands are called.")
    caused_by_change: strawberry.ID | None = maybe(
        "The change that caused it, by the id of a ticket that the caller sees."
    )
    known_error: strawberry.ID | None = maybe(
        "The problem that it is a case of, by the id of a ticket that the caller sees."
    )


@strawberry.input(
    description="What of a service request changes. A field left out is unchanged; an "
    "explicit null clears."
)
class ServiceRequestDetailsInput:
    catalog_item: strawberry.ID | None = maybe(
        "What is asked for. Another item than before begins with an empty form."
    )
    form_answers: list["CustomFieldInput"] | None = maybe(
        "What is filled into the item's form: the fields named here change."
    )


@strawberry.input(
    description="What of a problem changes. A field left out is unchanged; an "
    "explicit null clears."
)
class ProblemDetailsInput:
    root_cause: str | None = maybe("Why it happens; at most 4,000 characters.")
    workaround: str | None = maybe(
        "What helps until it is mended; at most 4,000 characters."
    )
    is_known_error: bool | None = maybe("It is understood.")


@strawberry.input(
    description="What of a change changes. A field left out is unchanged; an explicit "
    "null clears."
)
class ChangeDetailsInput:
    kind: ChangeKind | None = maybe("How it is handled; null: NORMAL.")
    risk: Impact | None = maybe("How much may go wrong.")
    planned_start_at: datetime | None = maybe(
        "When it is to begin: not in the past, but for an emergency."
    )
    planned_end_at: datetime | None = maybe("When it is to end.")
    backout_plan: str | None = maybe("How it is taken back; at most 4,000 characters.")


@strawberry.input(description="What a ticket has by its type: one, that of its type.")
class TicketDetailsInput:
    incident: IncidentDetailsInput | None = strawberry.field(
        default=None, description="Of an incident. Requires tickets:work."
    )
    service_request: ServiceRequestDetailsInput | None = strawberry.field(
        default=None, description="Of a service request."
    )
    problem: ProblemDetailsInput | None = strawberry.field(
        default=None, description="Of a problem. Requires tickets:work."
    )
    change: ChangeDetailsInput | None = strawberry.field(
        default=None, description="Of a change. Requires tickets:work."
    )


@strawberry.input(description="What a custom field is to hold.")
class CustomFieldInput:
    key: str = strawberry.field(description="Which field.")
    value: JSON | None = strawberry.field(
        default=None,
        description="A text (a day as YYYY-MM-DD, a user as an id), a number, true or "
        "false, or a list of texts, as the field's kind says. Null: cleared.",
    )


@strawberry.input(description="What of a ticket's details changes.")
class UpdateTicketDetailsInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
    details: TicketDetailsInput = strawberry.field(description="The details.")
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(description="What a ticket is to be.")
class ReclassifyTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
    type: TicketType = strawberry.field(description="The practice it belongs to.")
    details: TicketDetailsInput | None = strawberry.field(
        default=None, description="What it has by its new type; null: nothing yet."
    )
    note: str | None = strawberry.field(default=None, description=NOTE)
    occurred_at: datetime | None = instant_field()
    actor_id: strawberry.ID | None = actor_field()
    idempotency_key: str | None = key_field()


@strawberry.input(description="What became of a consent.")
class RecordApprovalInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    expected_version: int | None = version_field()
    state: ApprovalState = strawberry.field(description="Where it stands.")
    note: str | None = strawberry.field(default=None, description=NOTE)
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class TicketDetailsPayload:
    user_errors: list[TicketUserError] = errors_field()
    ticket: Ticket | None = strawberry.field(
        default=None,
        description="The ticket as it is now; null if it was refused, but for STALE.",
    )
    event: TicketEvent | None = strawberry.field(
        default=None,
        description="The last event that this left; null if nothing changed.",
    )
    repeated: bool = repeated_field()


NAMES: Final = {
    "incident": (
        TicketType.INCIDENT,
        {
            "major": "major",
            "caused_by_change": "causedByChange",
            "known_error": "knownError",
        },
    ),
    "service_request": (
        TicketType.SERVICE_REQUEST,
        {"catalog_item": "catalogItem", "form_answers": "formAnswers"},
    ),
    "problem": (
        TicketType.PROBLEM,
        {
            "root_cause": "rootCause",
            "workaround": "workaround",
            "is_known_error": "isKnownError",
        },
    ),
    "change": (
        TicketType.CHANGE,
        {
            "kind": "kind",
            "risk": "risk",
            "planned_start_at": "plannedStartAt",
            "planned_end_at": "plannedEndAt",
            "backout_plan": "backoutPlan",
        },
    ),
}
"""Fields of the inputs, by the names that details are kept under."""


def details_of(given: TicketDetailsInput | None) -> dict[TicketType, dict[str, Any]]:
    """Read what was given of the details of each type."""
    found: dict[TicketType, dict[str, Any]] = {}
    for attribute, (kind, names) in NAMES.items():
        part = None if given is None else getattr(given, attribute)
        if part is None:
            continue
        said = {kept: getattr(part, name) for name, kept in names.items()}
        if said.get("formAnswers", UNSET) is not UNSET:
            said["formAnswers"] = entries_of(said["formAnswers"])
        found[kind] = {
            name: value for name, value in said.items() if value is not UNSET
        }
    return found


def entries_of(given: Iterable[CustomFieldInput] | None) -> list[Entry]:
    """Read what was given of custom fields."""
    return [Entry(each.key, each.value) for each in given or ()]
