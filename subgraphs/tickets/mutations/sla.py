"""Service levels: calendars and policies, as mutations."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.writes import Input, changes, without_asking
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import CalendarRow, PolicyRow
from subgraphs.tickets.mutations.carry_out import Outcome, Written, carry_out
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla import calendars, promising, words
from subgraphs.tickets.types.sla import BusinessCalendar, SlaPolicy
from subgraphs.tickets.types.sla_inputs import (
    BusinessHolidayInput,
    BusinessHoursInput,
    CreateBusinessCalendarInput,
    CreateSlaPolicyInput,
    RetireBusinessCalendarInput,
    RetireSlaPolicyInput,
    SlaGoalInput,
    UpdateBusinessCalendarInput,
    UpdateSlaPolicyInput,
)
from subgraphs.tickets.types.sla_payloads import (
    CreateBusinessCalendarPayload,
    CreateSlaPolicyPayload,
    RetireBusinessCalendarPayload,
    RetireSlaPolicyPayload,
    UpdateBusinessCalendarPayload,
    UpdateSlaPolicyPayload,
)

PROMISES: Final = [["tickets:manage"]]
OF_CALENDARS: Final = ("name", "time_zone", "hours", "holidays")
OF_POLICIES: Final = {
    "name": "name",
    "calendar_id": "calendar_id",
    "goals": "goals",
    "position": "position",
    "applies_to": "types",
    "category_ids": "category_ids",
    "service_ids": "service_ids",
    "group_ids": "group_ids",
    "pause_on": "pause_on",
    "warn_at_percent": "warn_percent",
    "escalates": "escalates",
}
"""Fields of inputs, by what the service calls them."""


def hours_of(given: list[BusinessHoursInput]) -> list[words.OpenHours]:
    """Say a week's hours as the service takes them."""
    return [
        words.OpenHours(each.opens_at, each.closes_at, each.day.value) for each in given
    ]


def holidays_of(given: list[BusinessHolidayInput]) -> list[words.Holiday]:
    """Say holidays as the service takes them."""
    return [
        words.Holiday(
            day.date,
            day.name,
            [
                words.OpenHours(each.opens_at, each.closes_at)
                for each in day.hours or ()
            ],
        )
        for day in given
    ]


def goals_of(given: list[SlaGoalInput]) -> list[words.Goal]:
    """Say goals as the service takes them."""
    return [words.Goal(each.target, each.priority, each.within) for each in given]


PARTS: Final[dict[str, Callable[[Any], Any]]] = {
    "hours": hours_of,
    "holidays": holidays_of,
    "goals": goals_of,
    "escalates": bool,
}


def said(given: object, names: Mapping[str, str]) -> dict[str, Any]:
    """Take what the caller gave, in the service's words."""
    found = changes(given, names)
    return {
        names[name]: PARTS[name](value)
        if name in PARTS and value is not None
        else value
        for name, value in found.items()
    }


def calendar_said(given: object) -> dict[str, Any]:
    """Take what the caller gave of a calendar."""
    return said(given, {name: name for name in OF_CALENDARS})


Do = Callable[[AsyncSession, Act], Awaitable[CalendarRow | PolicyRow]]


async def write(info: Info, verb: str, given: Input, do: Do) -> Outcome:
    """Carry out a mutation that writes one calendar or policy."""

    async def work(session: AsyncSession, act: Act) -> Written:
        row = await do(session, act)
        return {"object": row.id}

    return await carry_out(info, verb, given, without_asking(work))


async def calendar_of(info: Info, done: Outcome) -> BusinessCalendar | None:
    """Read the calendar that was written, or that stands against it."""
    key = done.written.get("object") or done.current
    row = key and await info.context.loaders.calendar_by_id.load(key)
    return BusinessCalendar.from_row(row) if row else None


async def policy_of(info: Info, done: Outcome) -> SlaPolicy | None:
    """Read the policy that was written, or that stands against it."""
    key = done.written.get("object") or done.current
    row = key and await info.context.loaders.policy_by_id.load(key)
    return SlaPolicy.from_row(row) if row else None


@strawberry.type(description="What can be promised.")
class SlaMutations:
    @strawberry.federation.field(
        description="Make a calendar. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def create_business_calendar(
        self,
        info: Info,
        input: Annotated[
            CreateBusinessCalendarInput, strawberry.argument(description="What it is.")
        ],
    ) -> CreateBusinessCalendarPayload:
        async def do(session: AsyncSession, act: Act) -> CalendarRow:
            return await calendars.create_calendar(session, act, calendar_said(input))

        done = await write(info, "createBusinessCalendar", input, do)
        return CreateBusinessCalendarPayload(
            calendar=await calendar_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Change a calendar. The clocks of open tickets are read anew by "
        "it, from the beginning; breaches stay. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def update_business_calendar(
        self,
        info: Info,
        input: Annotated[
            UpdateBusinessCalendarInput,
            strawberry.argument(description="What changes."),
        ],
    ) -> UpdateBusinessCalendarPayload:
        async def do(session: AsyncSession, act: Act) -> CalendarRow:
            return await calendars.update_calendar(
                session, act, input.id, input.expected_version, calendar_said(input)
            )

        done = await write(info, "updateBusinessCalendar", input, do)
        return UpdateBusinessCalendarPayload(
            calendar=await calendar_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Take a calendar out of use, unless a policy counts by it. "
        "Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def retire_business_calendar(
        self,
        info: Info,
        input: Annotated[
            RetireBusinessCalendarInput, strawberry.argument(description="Which.")
        ],
    ) -> RetireBusinessCalendarPayload:
        async def do(session: AsyncSession, act: Act) -> CalendarRow:
            return await calendars.retire_calendar(
                session, act, input.id, input.expected_version
            )

        done = await write(info, "retireBusinessCalendar", input, do)
        return RetireBusinessCalendarPayload(
            calendar=await calendar_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Promise something. Open tickets that it fits get clocks, from "
        "their beginning. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def create_sla_policy(
        self,
        info: Info,
        input: Annotated[
            CreateSlaPolicyInput, strawberry.argument(description="What is promised.")
        ],
    ) -> CreateSlaPolicyPayload:
        async def do(session: AsyncSession, act: Act) -> PolicyRow:
            return await promising.create_policy(session, act, said(input, OF_POLICIES))

        done = await write(info, "createSlaPolicy", input, do)
        return CreateSlaPolicyPayload(
            policy=await policy_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Change what is promised. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def update_sla_policy(
        self,
        info: Info,
        input: Annotated[
            UpdateSlaPolicyInput, strawberry.argument(description="What changes.")
        ],
    ) -> UpdateSlaPolicyPayload:
        async def do(session: AsyncSession, act: Act) -> PolicyRow:
            return await promising.update_policy(
                session,
                act,
                input.id,
                input.expected_version,
                said(input, OF_POLICIES),
            )

        done = await write(info, "updateSlaPolicy", input, do)
        return UpdateSlaPolicyPayload(
            policy=await policy_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )

    @strawberry.federation.field(
        description="Promise it no longer. Running clocks of open tickets that no "
        "other policy fits are cancelled; breaches stay. Requires tickets:manage.",
        authenticated=True,
        requires_scopes=PROMISES,
    )
    async def retire_sla_policy(
        self,
        info: Info,
        input: Annotated[
            RetireSlaPolicyInput, strawberry.argument(description="Which.")
        ],
    ) -> RetireSlaPolicyPayload:
        async def do(session: AsyncSession, act: Act) -> PolicyRow:
            return await promising.retire_policy(
                session, act, input.id, input.expected_version
            )

        done = await write(info, "retireSlaPolicy", input, do)
        return RetireSlaPolicyPayload(
            policy=await policy_of(info, done),
            user_errors=done.user_errors,
            repeated=done.repeated,
        )
