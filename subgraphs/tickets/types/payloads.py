"""What mutations answer."""

from typing import Any

import strawberry

from kit.types import UserError
from subgraphs.tickets.errors import TicketErrorCode
from subgraphs.tickets.types.events import TicketEvent
from subgraphs.tickets.types.fields import errors_field, repeated_field
from subgraphs.tickets.types.settings import Category, Service
from subgraphs.tickets.types.ticket import Ticket


@strawberry.type(description="Why nothing was written.")
class TicketUserError(UserError):
    code: TicketErrorCode = strawberry.field(description="What kind of problem it is.")


def _ticket() -> Any:
    return strawberry.field(
        default=None,
        description="The ticket as it is now; null if it was refused, but for STALE.",
    )


def _event() -> Any:
    return strawberry.field(
        default=None,
        description="The last event that this left; null if nothing changed.",
    )


def _reason() -> Any:
    return strawberry.field(
        default=None,
        description="Why the group's policy chose the assignee; null if it did not.",
    )


def _warnings() -> Any:
    return strawberry.field(
        default_factory=list,
        description="What was done all the same: to somebody who is away, or without "
        "anybody who could take it. Empty as a rule.",
    )


@strawberry.type(description="What came of it.")
class CreateTicketPayload:
    user_errors: list[TicketUserError] = errors_field()
    ticket: Ticket | None = _ticket()
    reason: str | None = _reason()
    warnings: list[str] = _warnings()
    repeated: bool = repeated_field()


@strawberry.type(description="What came of it.")
class UpdateTicketPayload:
    user_errors: list[TicketUserError] = errors_field()
    ticket: Ticket | None = _ticket()
    repeated: bool = repeated_field()


@strawberry.type(description="What came of it.")
class AssignTicketPayload:
    user_errors: list[TicketUserError] = errors_field()
    ticket: Ticket | None = _ticket()
    event: TicketEvent | None = _event()
    reason: str | None = _reason()
    warnings: list[str] = _warnings()
    repeated: bool = repeated_field()


@strawberry.type(description="What came of it.")
class TransitionTicketPayload:
    user_errors: list[TicketUserError] = errors_field()
    ticket: Ticket | None = _ticket()
    event: TicketEvent | None = _event()
    repeated: bool = repeated_field()


@strawberry.type(description="What came of it.")
class CreateCategoryPayload:
    user_errors: list[TicketUserError] = errors_field()
    category: Category | None = strawberry.field(
        default=None,
        description="The category; where the name is taken, the one that has it.",
    )
    repeated: bool = repeated_field()


@strawberry.type(description="What came of it.")
class CreateServicePayload:
    user_errors: list[TicketUserError] = errors_field()
    service: Service | None = strawberry.field(
        default=None,
        description="The service; where the name is taken, the one that has it.",
    )
    repeated: bool = repeated_field()
