"""What administrators send about categories and services that are there."""

import strawberry

from subgraphs.tickets.types.catalog_inputs import RETIRED, unsaid
from subgraphs.tickets.types.fields import (
    errors_field,
    key_field,
    maybe,
    repeated_field,
)
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.settings import Category, Service


@strawberry.input(
    description="What of a category changes. A field left out is unchanged; an "
    "explicit null clears."
)
class UpdateCategoryInput:
    id: strawberry.ID = strawberry.field(description="The category.")
    name: str | None = maybe("Its name; it cannot be cleared.")
    parent_id: strawberry.ID | None = maybe(
        "The category it is part of; null: none, it stands at the top."
    )
    default_group_id: strawberry.ID | None = maybe(
        "The group that gets what is opened in it without a group."
    )
    retired: bool | None = unsaid(RETIRED)
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class UpdateCategoryPayload:
    user_errors: list[TicketUserError] = errors_field()
    category: Category | None = strawberry.field(
        default=None,
        description="The category; where the name is taken, the one that has it.",
    )
    repeated: bool = repeated_field()


@strawberry.input(
    description="What of a service changes. A field left out is unchanged; an "
    "explicit null clears."
)
class UpdateServiceInput:
    id: strawberry.ID = strawberry.field(description="The service.")
    name: str | None = maybe("Its name; it cannot be cleared.")
    owner_id: strawberry.ID | None = maybe("Who answers for it.")
    retired: bool | None = unsaid(RETIRED)
    idempotency_key: str | None = key_field()


@strawberry.type(description="What came of it.")
class UpdateServicePayload:
    user_errors: list[TicketUserError] = errors_field()
    service: Service | None = strawberry.field(
        default=None,
        description="The service; where the name is taken, the one that has it.",
    )
    repeated: bool = repeated_field()
