"""What callers send to set service levels."""

from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from kit.scalars import Duration
from subgraphs.tickets.models import (
    HoldReason,
    Priority,
    SlaTarget,
    TicketType,
    Weekday,
)


def _maybe(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


def _list(description: str) -> Any:
    return strawberry.field(default=None, description=description)


def _key() -> Any:
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def _version() -> Any:
    return strawberry.field(default=None, description=VERSION_DESCRIPTION)


OPENS = "From when, as 08:30, by the wall clock of the calendar's zone."
CLOSES = "Until when, as 17:00; 24:00 is the end of the day."
POSITION = (
    "Of the policies that fit a ticket, and have a goal for its priority, the one with "
    "the lowest counts."
)
WARN = "After how many percent of a goal to warn, 1 to 99; null: never."
FITTING = "200 at most; null or empty: all."
HOLIDAYS = "Dates with other hours, 1,000 at most."


@strawberry.input(description="A part of each such day of the week.")
class BusinessHoursInput:
    day: Weekday = strawberry.field(description="The day.")
    opens_at: str = strawberry.field(description=OPENS)
    closes_at: str = strawberry.field(description=CLOSES)


@strawberry.input(description="A part of a day.")
class OpenHoursInput:
    opens_at: str = strawberry.field(description=OPENS)
    closes_at: str = strawberry.field(description=CLOSES)


@strawberry.input(description="A date with other hours than its weekday's.")
class BusinessHolidayInput:
    date: str = strawberry.field(description="The date, as 2026-12-24.")
    name: str = strawberry.field(
        description="What it is, for people; at most 200 characters."
    )
    hours: list[OpenHoursInput] | None = _list(
        "What is worked all the same; null or empty: nothing."
    )


@strawberry.input(description="How long something may take.")
class SlaGoalInput:
    target: SlaTarget = strawberry.field(description="What must happen.")
    priority: Priority = strawberry.field(description="To tickets of this priority.")
    within: Duration = strawberry.field(
        description="In so much business time, from a second to 8,784 hours; a day "
        "(P1D) is 24 hours of it."
    )


@strawberry.input(description="A new calendar.")
class CreateBusinessCalendarInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one in use has it."
    )
    time_zone: str = strawberry.field(
        description="Whose wall clock it goes by: a name of the IANA database, as "
        "Europe/Berlin."
    )
    hours: list[BusinessHoursInput] = strawberry.field(
        description="The hours of a week, at most 10 parts a day, none over another. "
        "One at least: nothing would ever be due otherwise."
    )
    holidays: list[BusinessHolidayInput] | None = _list(HOLIDAYS)
    idempotency_key: str | None = _key()


@strawberry.input(
    description="What of a calendar changes. A field left out is unchanged."
)
class UpdateBusinessCalendarInput:
    id: strawberry.ID = strawberry.field(description="The calendar.")
    expected_version: int | None = _version()
    name: str | None = _maybe("Its name; it cannot be cleared.")
    time_zone: str | None = _maybe("Whose wall clock; it cannot be cleared.")
    hours: list[BusinessHoursInput] | None = _maybe(
        "The hours of a week, in place of those it had; they cannot be cleared."
    )
    holidays: list[BusinessHolidayInput] | None = _maybe(
        f"{HOLIDAYS} In place of those it had; null: none."
    )
    idempotency_key: str | None = _key()


@strawberry.input(description="What is taken out of use.")
class RetireBusinessCalendarInput:
    id: strawberry.ID = strawberry.field(description="The calendar.")
    expected_version: int | None = _version()
    idempotency_key: str | None = _key()


@strawberry.input(description="A new policy.")
class CreateSlaPolicyInput:
    name: str = strawberry.field(
        description="Its name, at most 200 characters; no other one in force has it."
    )
    calendar_id: strawberry.ID = strawberry.field(description="The hours that count.")
    goals: list[SlaGoalInput] = strawberry.field(
        description="What is promised, each target and priority once; one at least."
    )
    position: int | None = _list(f"{POSITION} 0 to 1,000,000; null: the last.")
    applies_to: list[TicketType] | None = _list(
        "The types of ticket it fits; null or empty: all."
    )
    category_ids: list[strawberry.ID] | None = _list(
        f"The categories it fits, not those inside them: {FITTING}"
    )
    service_ids: list[strawberry.ID] | None = _list(f"The services it fits: {FITTING}")
    group_ids: list[strawberry.ID] | None = _list(
        f"The groups whose tickets it fits: {FITTING}"
    )
    pause_on: list[HoldReason] | None = _list(
        "Hold reasons for which its clocks stand still; null or empty: none."
    )
    warn_at_percent: int | None = strawberry.field(default=75, description=WARN)
    escalates: bool = strawberry.field(
        default=True,
        description="Make a breach known to the lead of the ticket's group.",
    )
    idempotency_key: str | None = _key()


@strawberry.input(
    description="What of a policy changes. A field left out is unchanged; an explicit "
    "null clears. The clocks of open tickets are read anew, from the beginning; "
    "breaches stay."
)
class UpdateSlaPolicyInput:
    id: strawberry.ID = strawberry.field(description="The policy.")
    expected_version: int | None = _version()
    name: str | None = _maybe("Its name; it cannot be cleared.")
    calendar_id: strawberry.ID | None = _maybe("The hours; they cannot be cleared.")
    goals: list[SlaGoalInput] | None = _maybe(
        "What is promised, in place of what was; it cannot be cleared."
    )
    position: int | None = _maybe(f"{POSITION} 0 to 1,000,000; null: unchanged.")
    applies_to: list[TicketType] | None = _maybe("The types it fits; null: all.")
    category_ids: list[strawberry.ID] | None = _maybe(
        "The categories it fits; null: all."
    )
    service_ids: list[strawberry.ID] | None = _maybe("The services it fits; null: all.")
    group_ids: list[strawberry.ID] | None = _maybe(
        "The groups whose tickets it fits; null: all."
    )
    pause_on: list[HoldReason] | None = _maybe(
        "Hold reasons for which its clocks stand still; null: none."
    )
    warn_at_percent: int | None = _maybe(WARN)
    escalates: bool | None = _maybe(
        "Make a breach known to the lead of the ticket's group; null: no."
    )
    idempotency_key: str | None = _key()


@strawberry.input(description="What is taken out of force.")
class RetireSlaPolicyInput:
    id: strawberry.ID = strawberry.field(description="The policy.")
    expected_version: int | None = _version()
    idempotency_key: str | None = _key()
