"""What mutations of service levels answer."""

from typing import Any

import strawberry

from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.sla import BusinessCalendar, SlaPolicy


def _errors() -> Any:
    return strawberry.field(description="Why nothing was written; empty when it was.")


def _repeated() -> Any:
    return strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )


def _calendar() -> Any:
    return strawberry.field(
        default=None,
        description="The calendar as it is now; when refused, the one that has the "
        "name, or the stale one. Null otherwise.",
    )


def _policy() -> Any:
    return strawberry.field(
        default=None,
        description="The policy as it is now; when refused, the one that has the "
        "name, or the stale one. Null otherwise.",
    )


@strawberry.type(description="What came of it.")
class CreateBusinessCalendarPayload:
    user_errors: list[TicketUserError] = _errors()
    calendar: BusinessCalendar | None = _calendar()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class UpdateBusinessCalendarPayload:
    user_errors: list[TicketUserError] = _errors()
    calendar: BusinessCalendar | None = _calendar()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class RetireBusinessCalendarPayload:
    user_errors: list[TicketUserError] = _errors()
    calendar: BusinessCalendar | None = _calendar()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class CreateSlaPolicyPayload:
    user_errors: list[TicketUserError] = _errors()
    policy: SlaPolicy | None = _policy()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class UpdateSlaPolicyPayload:
    user_errors: list[TicketUserError] = _errors()
    policy: SlaPolicy | None = _policy()
    repeated: bool = _repeated()


@strawberry.type(description="What came of it.")
class RetireSlaPolicyPayload:
    user_errors: list[TicketUserError] = _errors()
    policy: SlaPolicy | None = _policy()
    repeated: bool = _repeated()
