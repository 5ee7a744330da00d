"""What callers send, and get, about watchers, links and merges."""

from typing import Any

import strawberry

from kit.idempotency import KEY_DESCRIPTION
from subgraphs.tickets.models import LinkKind, WatchReason
from subgraphs.tickets.types.links import TicketLinkEdge
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.ticket import Ticket


def _key() -> Any:
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def _errors() -> Any:
    return strawberry.field(description="Why nothing was written; empty when it was.")


def _repeated() -> Any:
    return strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )


@strawberry.input(description="Who is to watch a ticket, or no longer.")
class WatchTicketInput:
    id: strawberry.ID = strawberry.field(description="The ticket.")
    user_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who. Null: the caller. Others take the right to change it.",
    )
    watch: bool = strawberry.field(description="Watch it, or no longer.")
    reason: WatchReason | None = strawberry.field(
        default=None,
        description="Why. Null: MANUAL for the caller, CC for others. Who watches "
        "already keeps their reason.",
    )
    idempotency_key: str | None = _key()


@strawberry.input(description="What one ticket is to another.")
class LinkTicketsInput:
    from_id: strawberry.ID = strawberry.field(
        description="The ticket that the kind is read from."
    )
    to_id: strawberry.ID = strawberry.field(description="The other ticket.")
    kind: LinkKind = strawberry.field(description="What the first is to the second.")
    resolution_code: str | None = strawberry.field(
        default=None,
        description="With DUPLICATES: resolve the first, which says it again, with "
        "this code. Null: leave it as it is.",
    )
    idempotency_key: str | None = _key()


@strawberry.input(description="A link to take away.")
class UnlinkTicketsInput:
    from_id: strawberry.ID = strawberry.field(
        description="The ticket that the kind is read from."
    )
    to_id: strawberry.ID = strawberry.field(description="The other ticket.")
    kind: LinkKind = strawberry.field(description="What the first is to the second.")
    idempotency_key: str | None = _key()


@strawberry.input(description="Tickets to make one of.")
class MergeTicketsInput:
    into_id: strawberry.ID = strawberry.field(description="The ticket that remains.")
    from_ids: list[strawberry.ID] = strawberry.field(
        description="Those that go into it, 50 at most. They are closed for good."
    )
    idempotency_key: str | None = _key()


@strawberry.type(description="What came of it.")
class WatchTicketPayload:
    user_errors: list[TicketUserError] = _errors()
    ticket: Ticket | None = strawberry.field(
        default=None,
        description="The ticket; null if it was refused, and for who no longer watches "
        "one that they saw by that alone.",
    )
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class LinkTicketsPayload:
    user_errors: list[TicketUserError] = _errors()
    edge: TicketLinkEdge | None = strawberry.field(
        default=None,
        description="The link as the first ticket has it; null if it was refused.",
    )
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class UnlinkTicketsPayload:
    user_errors: list[TicketUserError] = _errors()
    ticket: Ticket | None = strawberry.field(
        default=None, description="The first ticket; null if it was refused."
    )
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class MergeTicketsPayload:
    user_errors: list[TicketUserError] = _errors()
    ticket: Ticket | None = strawberry.field(
        default=None, description="The ticket that remains; null if it was refused."
    )
    repeated: bool = _repeated()
