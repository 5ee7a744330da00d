"""What an import sends when it is over, and what it gets."""

import strawberry

from subgraphs.tickets.types.fields import errors_field, key_field, repeated_field
from subgraphs.tickets.types.payloads import TicketUserError


@strawberry.input(description="The end of an import.")
class ConcludeImportInput:
    ids: list[strawberry.ID] = strawberry.field(
        description="Of which tickets nothing more of the past is told, 100 at most."
    )
    idempotency_key: str | None = key_field()


@strawberry.type(description="What became of the end of an import.")
class ConcludeImportPayload:
    user_errors: list[TicketUserError] = errors_field()
    concluded: int = strawberry.field(
        default=0,
        description="Of how many tickets the clocks now stand as they are. Those of "
        "which no import had told, and unknown ones, do not count.",
    )
    repeated: bool = repeated_field()
