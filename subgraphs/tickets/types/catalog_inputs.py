"""What administrators send about what can be asked for, and what they are answered."""

from typing import Any

import strawberry

from subgraphs.tickets.models import TicketType
from subgraphs.tickets.service.definitions import Definition
from subgraphs.tickets.types.catalog import CatalogItem, CustomFieldDefinition
from subgraphs.tickets.types.fields import (
    errors_field,
    key_field,
    maybe,
    repeated_field,
)
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.words import CustomFieldKind

RETIRED = "Out of use (true) or in use again (false); null: unchanged."
KEY = (
    "Name for machines: letters, digits and underscores, 50 at most, a small letter "
    "first. It never changes."
)


def unsaid(description: str) -> Any:
    """Take a field that is null unless it is given."""
    return strawberry.field(default=None, description=description)


@strawberry.input(description="A field of a form.")
class CustomFieldDefinitionInput:
    key: str = strawberry.field(description=KEY)
    label: str = strawberry.field(
        description="Name for people, at most 200 characters."
    )
    kind: CustomFieldKind = strawberry.field(
        description="What it holds; it never changes."
    )
    required: bool = strawberry.field(default=False, description="It must be filled.")
    options: list[str] | None = unsaid(
        "What can be chosen, where something is: at most 200, of 100 characters each."
    )
    max_length: int | None = unsaid("Characters that a text may have; null: 4,000.")
    minimum: float | None = unsaid("The least a number may be; null: any.")
    maximum: float | None = unsaid("The most a number may be; null: any.")


def definition_of(given: Any) -> Definition:
    """Read the definition out of an input that has one."""
    return Definition(
        key=given.key,
        label=given.label,
        kind=given.kind,
        required=given.required,
        options=given.options,
        max_length=given.max_length,
        minimum=given.minimum,
        maximum=given.maximum,
    )


@strawberry.input(description="A new field of tickets.")
class CreateCustomFieldInput(CustomFieldDefinitionInput):
    applies_to: list[TicketType] | None = unsaid(
        "The types of ticket that have it; null: all."
    )
    category_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="The categories whose tickets have it, with all inside them; "
        "none: all tickets.",
    )
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="What of a field of tickets changes. A field left out is unchanged; "
    "an explicit null clears a limit."
)
class UpdateCustomFieldInput:
    id: strawberry.ID = strawberry.field(description="The field.")
    label: str | None = maybe("Name for people; it cannot be cleared.")
    required: bool | None = unsaid(
        "It must be filled; null: unchanged. Tickets that are there keep it empty."
    )
    options: list[str] | None = maybe("All that can be chosen, in its order.")
    max_length: int | None = maybe("Characters that a text may have.")
    minimum: float | None = maybe("The least a number may be.")
    maximum: float | None = maybe("The most a number may be.")
    applies_to: list[TicketType] | None = unsaid(
        "The types of ticket that have it; null: unchanged."
    )
    category_ids: list[strawberry.ID] | None = unsaid(
        "The categories whose tickets have it; an empty list: all; null: unchanged."
    )
    retired: bool | None = unsaid(RETIRED)
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class CustomFieldPayload:
    user_errors: list[TicketUserError] = errors_field()
    custom_field: CustomFieldDefinition | None = strawberry.field(
        default=None,
        description="The field; where the key is taken, the one that has it.",
    )
    repeated: bool = repeated_field()


@strawberry.input(description="Something new that can be asked for.")
class CreateCatalogItemInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one has it."
    )
    service_id: strawberry.ID | None = unsaid("The service it belongs to.")
    approval_required: bool = strawberry.field(
        default=False, description="Whoever asks for it needs somebody's consent."
    )
    fields: list[CustomFieldDefinitionInput] = strawberry.field(
        default_factory=list, description="Its form, in this order."
    )
    idempotency_key: str | None = key_field()


@strawberry.input(
    description="What changes of what can be asked for. A field left out is "
    "unchanged; an explicit null clears."
)
class UpdateCatalogItemInput:
    id: strawberry.ID = strawberry.field(description="The item.")
    name: str | None = maybe("Its name; it cannot be cleared.")
    service_id: strawberry.ID | None = maybe("The service it belongs to.")
    approval_required: bool | None = unsaid(
        "Whoever asks for it needs somebody's consent; null: unchanged."
    )
    fields: list[CustomFieldDefinitionInput] | None = unsaid(
        "The whole form, in this order: fields with a key that is there change, those "
        "left out are retired. Null: unchanged."
    )
    retired: bool | None = unsaid(RETIRED)
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class CatalogItemPayload:
    user_errors: list[TicketUserError] = errors_field()
    catalog_item: CatalogItem | None = strawberry.field(
        default=None,
        description="The item; where the name is taken, the one that has it.",
    )
    repeated: bool = repeated_field()
