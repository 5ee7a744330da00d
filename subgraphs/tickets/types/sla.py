"""Service levels as the graph sees them: clocks, policies, calendars."""

from datetime import datetime, timedelta
from typing import Any, Self

import strawberry
from asyncpg import Record

from kit.scalars import Duration
from kit.types import Node
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import (
    HoldReason,
    Priority,
    SlaTarget,
    TicketType,
    Weekday,
)
from subgraphs.tickets.service.sla.words import time_of
from subgraphs.tickets.types.enums import describe
from subgraphs.tickets.types.people import Group
from subgraphs.tickets.types.settings import Category, Service

describe(
    Weekday,
    "Weekday",
    "A day of the week.",
    {day.name: f"{day.name.title()}." for day in Weekday},
)


@strawberry.type(description="A part of a day.")
class OpenHours:
    opens_at: str = strawberry.field(
        description="From when, by the wall clock of the calendar's zone: 08:30."
    )
    closes_at: str = strawberry.field(
        description="Until when; 24:00 is the end of the day."
    )


@strawberry.type(description="A part of each such day of the week.")
class BusinessHours(OpenHours):
    day: Weekday = strawberry.field(description="The day.")


@strawberry.type(description="A date with other hours than its weekday's.")
class BusinessHoliday:
    date: str = strawberry.field(description="The date, as 2026-12-24.")
    name: str = strawberry.field(description="What it is, for people.")
    hours: list[OpenHours] = strawberry.field(
        description="What is worked all the same; empty on a whole day off."
    )


@strawberry.federation.type(
    keys=["id"], description="When a desk is open: the hours that count."
)
class BusinessCalendar(Node):
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(
        description="Whose wall clock it goes by, as Europe/Berlin. Daylight saving is "
        "followed: an hour that is left out does not count, one shown twice counts "
        "twice."
    )
    hours: list[BusinessHours] = strawberry.field(
        description="The hours of a week, Monday first."
    )
    holidays: list[BusinessHoliday] = strawberry.field(
        description="Dates with other hours, by date."
    )
    retired_at: datetime | None = strawberry.field(
        description="When it was taken out of use; null while it is in use."
    )
    version: int = strawberry.field(
        description="Grows with each change; pass it back as `expectedVersion`."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            name=row["name"],
            time_zone=row["time_zone"],
            hours=[
                BusinessHours(day=day, opens_at=time_of(a), closes_at=time_of(b))
                for day, intervals in zip(Weekday, row["hours"], strict=True)
                for a, b in intervals
            ],
            holidays=[
                BusinessHoliday(
                    date=day["date"],
                    name=day["name"],
                    hours=[
                        OpenHours(opens_at=time_of(a), closes_at=time_of(b))
                        for a, b in day["hours"]
                    ],
                )
                for day in row["holidays"]
            ],
            retired_at=row["retired_at"],
            version=row["version"],
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.calendar_by_id.load(id)
        return cls.from_row(row) if row else None


@strawberry.type(description="How long something may take.")
class SlaGoal:
    target: SlaTarget = strawberry.field(description="What must happen.")
    priority: Priority = strawberry.field(description="To tickets of this priority.")
    within: Duration = strawberry.field(description="In so much business time.")


@strawberry.federation.type(
    keys=["id"],
    description="What is promised for which tickets. Of those that fit a ticket, and "
    "have a goal for its priority, the one with the lowest position counts.",
)
class SlaPolicy(Node):
    name: str = strawberry.field(description="Its name.")
    position: int = strawberry.field(description="Its place in the order.")
    goals: list[SlaGoal] = strawberry.field(
        description="What is promised; nothing is for a priority that is not here."
    )
    applies_to: list[TicketType] = strawberry.field(
        description="The types of ticket it fits; empty: all."
    )
    pause_on: list[HoldReason] = strawberry.field(
        description="Hold reasons for which the clocks stand still; the one of the "
        "first response never does."
    )
    warn_at_percent: int | None = strawberry.field(
        description="After how many percent of a goal a clock warns; null: never."
    )
    escalates: bool = strawberry.field(
        description="A breach is made known to the lead of the ticket's group."
    )
    retired_at: datetime | None = strawberry.field(
        description="When it was taken out of use; null while it is in force."
    )
    version: int = strawberry.field(
        description="Grows with each change; pass it back as `expectedVersion`."
    )
    row: strawberry.Private[Record]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            name=row["name"],
            position=row["position"],
            goals=[
                SlaGoal(
                    target=SlaTarget(target),
                    priority=Priority(priority),
                    within=Duration(timedelta(seconds=float(seconds))),
                )
                for target, priority, seconds in row["goals"] or ()
            ],
            applies_to=[TicketType(each) for each in row["types"]],
            pause_on=[HoldReason(each) for each in row["pause_on"]],
            warn_at_percent=row["warn_percent"],
            escalates=row["escalates"],
            retired_at=row["retired_at"],
            version=row["version"],
            row=row,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        row = await info.context.loaders.policy_by_id.load(id)
        return cls.from_row(row) if row else None

    @strawberry.field(description="The hours that count.")
    async def calendar(self, info: Info) -> BusinessCalendar:
        key = self.row["calendar_id"]  # a foreign key: there is such a row
        row: Any = await info.context.loaders.calendar_by_id.load(key)
        return BusinessCalendar.from_row(row)

    @strawberry.field(description="The categories it fits; empty: all.")
    async def categories(self, info: Info) -> list[Category]:
        rows = await info.context.loaders.category_by_id.load_many(
            self.row["category_ids"]
        )
        return [Category.from_row(row) for row in rows if row]

    @strawberry.field(description="The services it fits; empty: all.")
    async def services(self, info: Info) -> list[Service]:
        rows = await info.context.loaders.service_by_id.load_many(
            self.row["service_ids"]
        )
        return [Service.from_row(row) for row in rows if row]

    @strawberry.field(description="The groups whose tickets it fits; empty: all.")
    def groups(self) -> list[Group]:
        return [Group(id=key) for key in self.row["group_ids"]]
