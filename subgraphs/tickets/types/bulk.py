"""What callers send, and get, about changes of many tickets at once."""

from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION
from subgraphs.tickets.models import HoldReason
from subgraphs.tickets.types.filters import TicketFilter
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.ticket import Ticket


def _maybe(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


def _if_moved(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(
    description="What of each ticket changes. A field left out is unchanged; an "
    "explicit null clears."
)
class UpdateTicketSetInput:
    group_id: strawberry.ID | None = _maybe("The group; null: none.")
    assignee_id: strawberry.ID | None = _maybe("The person; null: nobody.")
    tags: list[str] | None = _maybe("All its labels, in place of those it had.")
    to_status_key: str | None = _maybe(
        "Key of the status to move to, such as `resolved`; null: stay."
    )
    hold_reason: HoldReason | None = _if_moved(
        "What they wait for; only where they are put on hold."
    )
    resolution_code: str | None = _if_moved(
        "What kind of solution it was; only where they are resolved or closed."
    )
    resolution_notes: str | None = _if_moved("What was done; only with a code.")
    note: str | None = _if_moved(
        "Why, for the history of assignment and move; at most 4,000 characters."
    )


@strawberry.input(
    description="The same change of many tickets: give `ids` or `filter`, not both."
)
class BulkUpdateTicketsInput:
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Which; 500 at most."
    )
    filter: TicketFilter | None = strawberry.field(
        default=None,
        description="All that meet it and that the viewer may see. Where they are more "
        "than 500, none is changed.",
    )
    set: UpdateTicketSetInput = strawberry.field(description="What changes.")
    dry_run: bool = strawberry.field(
        default=False,
        description="Tell what would come of it, and change nothing.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.type(description="A ticket that was not changed, and why.")
class BulkFailure:
    id: strawberry.ID = strawberry.field(description="The id that was meant.")
    ticket: Ticket | None = strawberry.field(
        description="The ticket, unchanged; null if there is none that the viewer may "
        "see."
    )
    errors: list[TicketUserError] = strawberry.field(description="Why.")


@strawberry.type(
    description="A ticket that was changed, though something speaks against it."
)
class BulkWarning:
    id: strawberry.ID = strawberry.field(description="The id that was meant.")
    ticket: Ticket | None = strawberry.field(
        description="The ticket, as it is now; null if the viewer may not see it any "
        "more."
    )
    messages: list[str] = strawberry.field(
        description="What speaks against it: it was given to somebody who is away."
    )


@strawberry.type(description="What came of it.")
class BulkUpdateTicketsPayload:
    user_errors: list[TicketUserError] = strawberry.field(
        description="Why nothing was written at all; empty where each ticket was tried."
    )
    matched: int = strawberry.field(
        default=0, description="How many tickets were tried."
    )
    updated_count: int = strawberry.field(
        default=0,
        description="How many of them were changed, or were so already; in a dry run, "
        "would be.",
    )
    updated: list[Ticket] = strawberry.field(
        default_factory=list[Ticket],
        description="Those of them that the viewer may see now, as they are now; in a "
        "dry run, as they still are.",
    )
    failures: list[BulkFailure] = strawberry.field(
        default_factory=list[BulkFailure],
        description="Those that are as they were, in the order of their ids.",
    )
    warnings: list[BulkWarning] = strawberry.field(
        default_factory=list[BulkWarning],
        description="Of those that were changed, what was done all the same, in the "
        "order of their ids; empty as a rule.",
    )
    repeated: bool = strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )
