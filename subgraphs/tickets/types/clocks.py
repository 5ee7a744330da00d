"""A ticket's clocks as the graph sees them, readable while they run."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import ListSize

from kit.rows import ShownRow
from kit.scalars import Duration
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import SlaState, SlaTarget
from subgraphs.tickets.service.sla import promises
from subgraphs.tickets.service.sla.calendar import business_time_between
from subgraphs.tickets.service.sla.policies import Promises
from subgraphs.tickets.types.people import Group, User
from subgraphs.tickets.types.sla import SlaPolicy


async def promises_of(info: Info, revision: int) -> Promises:
    """Give what a revision promises: remembered, or read once for the request."""
    known = promises.recall(revision)
    if known is None:
        policies, statuses = await info.context.loaders.promises.load(revision)
        known = promises.recall(revision)
        if known is None:
            known = promises.remember(revision, policies, statuses)
    return known


@strawberry.type(description="A clock in business time, readable while it runs.")
class SlaClock:
    target: SlaTarget = strawberry.field(description="What must happen in time.")
    state: SlaState = strawberry.field(description="How it stands.")
    goal: Duration = strawberry.field(
        description="How much business time it may take, at the priority of now."
    )
    due_at: datetime | None = strawberry.field(
        description="When its time is up if it runs on; when it was, once breached. "
        "Null while it is paused, and once it has stopped in time."
    )
    warned_at: datetime | None = strawberry.field(
        description="When it passed the share at which its policy warns; null if not."
    )
    breached_at: datetime | None = strawberry.field(
        description="When its time was up; null if it is not. Never null again."
    )
    stopped_at: datetime | None = strawberry.field(
        description="When what it waits for happened, or the ticket was given up; null "
        "while it goes on."
    )
    escalated_at: datetime | None = strawberry.field(
        description="When its breach was made known; null if it was not."
    )
    row: strawberry.Private[Record]
    read_at: strawberry.Private[datetime]

    @classmethod
    def from_row(cls, row: Record, now: datetime) -> Self:
        return cls(
            target=row["target"],
            state=row["state"],
            goal=Duration(row["goal"]),
            due_at=row["due_at"],
            warned_at=row["warned_at"],
            breached_at=row["breached_at"],
            stopped_at=row["stopped_at"],
            escalated_at=row["escalated_at"],
            row=row,
            read_at=now,
        )

    async def elapsed(self, info: Info) -> timedelta:
        """Count what has passed by now, by the calendar of the clock's policy."""
        row = self.row
        if row["since"] is None:
            return row["elapsed"]
        known = await promises_of(info, row["revision"])
        calendar = known.known[row["policy_id"]].calendar
        return row["elapsed"] + business_time_between(
            calendar, row["since"], self.read_at
        )

    @strawberry.field(description="Business time that it has counted by now.")
    async def elapsed_business_time(self, info: Info) -> Duration:
        return Duration(await self.elapsed(info))

    @strawberry.field(
        description="Business time until it is due; negative once that has passed. "
        "Null when it has stopped, or nothing is promised any more."
    )
    async def remaining(self, info: Info) -> Duration | None:
        over = self.row["stopped_at"] is not None or self.row["state"] in OVER
        return None if over else Duration(self.row["goal"] - await self.elapsed(info))

    @strawberry.field(description="The policy that it is read by.")
    async def policy(self, info: Info) -> SlaPolicy | None:
        row = await info.context.loaders.policy_by_id.load(self.row["policy_id"])
        return SlaPolicy.from_row(row) if row else None

    @strawberry.field(
        description="The group to whose lead its breach was made known; null if it "
        "was not."
    )
    def escalated_to_group(self) -> Group | None:
        key = self.row["escalated_group_id"]
        return Group(id=key) if key else None

    @strawberry.field(
        description="The lead to whom its breach was made known. Null if it was not, "
        "if the group had no lead, or if the users service is unavailable."
    )
    def escalated_to(self) -> User | None:
        key = self.row["escalated_to_id"]
        return User(id=key) if key else None


AT_MOST_THREE: Any = ListSize(  # pyright: ignore[reportCallIssue] - the rest may be left out
    assumed_size=len(SlaTarget), require_one_slicing_argument=False
)
OVER = frozenset({"MET", "CANCELLED"})
ORDER = {target.value: n for n, target in enumerate(SlaTarget)}


@strawberry.type(description="What a ticket's service levels say of it.")
class TicketServiceLevels(ShownRow):
    __slots__ = ()

    first_responded_at: datetime | None = strawberry.field(
        description="When somebody first answered: a public reply of somebody else "
        "than the requester, or work begun. Null if nobody has."
    )
    sla_state: SlaState | None = strawberry.field(
        description="The worst state of its clocks: breached before running, paused, "
        "met, cancelled. Null if nothing is promised."
    )
    sla_due_at: datetime | None = strawberry.field(
        description="The earliest instant at which one of its clocks is due, or was "
        "and is not stopped yet. Null if none is."
    )

    @strawberry.field(
        description="Its clocks: first response, resolution, update, those of them "
        "that something is promised for.",
        directives=[AT_MOST_THREE],
    )
    async def sla_clocks(self, info: Info) -> list[SlaClock]:
        ticket: Any = self
        rows = await info.context.loaders.clocks_by_ticket.load(ticket.id)
        now = datetime.now(UTC)
        return [
            SlaClock.from_row(row, now)
            for row in sorted(rows, key=lambda row: ORDER[row["target"]])
        ]
