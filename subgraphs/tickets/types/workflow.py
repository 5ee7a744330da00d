"""What administrators set of a ticket's life, as the graph sees it."""

from datetime import datetime, timedelta
from typing import Self

import strawberry
from asyncpg import Record

from kit.ids import is_id
from kit.scalars import JSON, Duration
from kit.types import Connection
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import (
    HoldReason,
    Impact,
    Priority,
    TicketType,
    Urgency,
)
from subgraphs.tickets.types.people import User
from subgraphs.tickets.types.settings import TicketStatus
from subgraphs.tickets.types.words import SettingSubject, TransitionCheck


@strawberry.type(description="What of a ticket's life goes by the calendar.")
class TicketLifecycle:
    reopen_within: Duration | None = strawberry.field(
        description="How long after its end a ticket may be reopened, in clock time; "
        "later only with tickets:manage. Null: for ever."
    )
    close_after: Duration | None = strawberry.field(
        description="How long after it was resolved a ticket closes by itself, in "
        "clock time. Null: never."
    )
    resume_on_reply: list[HoldReason] = strawberry.field(
        description="For which hold reasons a public reply of the requester takes a "
        "ticket off hold. Empty: for none."
    )
    reopen_on_reply: bool = strawberry.field(
        description="A public reply of the requester reopens a ticket that is "
        "resolved, within `reopenWithin`."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            reopen_within=duration(row["reopen_within"]),
            close_after=duration(row["close_after"]),
            resume_on_reply=[HoldReason(each) for each in row["resume_on_reply"]],
            reopen_on_reply=row["reopen_on_reply"],
        )


def duration(time: timedelta | None) -> Duration | None:
    """Give a column's time as the graph's scalar."""
    return None if time is None else Duration(time)


@strawberry.type(description="A kind of solution.")
class ResolutionCode:
    id: strawberry.ID = strawberry.field(description="Opaque global id.")
    code: str = strawberry.field(
        description="What `resolutionCode` is, where it is of this kind."
    )
    name: str = strawberry.field(description="Name for people.")
    applies_to: list[TicketType] = strawberry.field(
        description="The types of ticket that may be solved so."
    )
    retired: bool = strawberry.field(
        description="It is out of use: no ticket is solved so any more."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            applies_to=row["applies_to"],
            retired=row["retired_at"] is not None,
        )


@strawberry.type(description="One cell of the priority matrix.")
class PriorityCell:
    impact: Impact = strawberry.field(description="How much is affected.")
    urgency: Urgency = strawberry.field(description="How soon it must be mended.")
    priority: Priority = strawberry.field(description="What follows from the two.")


@strawberry.type(description="A step of a type's workflow, and what it demands.")
class WorkflowStep:
    type: TicketType = strawberry.field(description="Whose workflow it belongs to.")
    required_fields: list[str] = strawberry.field(
        description="Inputs of `transitionTicket` that it demands."
    )
    checks: list[TransitionCheck] = strawberry.field(
        description="What must not be so when it is taken."
    )
    from_id: strawberry.Private[str]
    to_id: strawberry.Private[str]

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            type=row["type"],
            required_fields=row["required_fields"],
            checks=row["checks"],
            from_id=row["from_id"],
            to_id=row["to_id"],
        )

    @strawberry.field(description="Where it begins.")
    async def from_status(self, info: Info) -> TicketStatus:
        return await status(info, self.from_id)

    @strawberry.field(description="Where it leads.")
    async def to_status(self, info: Info) -> TicketStatus:
        return await status(info, self.to_id)


async def status(info: Info, key: str) -> TicketStatus:
    """Give a status that is there: statuses are retired, never deleted."""
    row = await info.context.loaders.status_by_id.load(key)
    if row is None:
        raise LookupError(key)
    return TicketStatus.from_row(row)


@strawberry.type(description="A change of a setting; none is ever changed or deleted.")
class TicketSettingChange:
    at: datetime = strawberry.field(description="When.")
    actor: User | None = strawberry.field(
        description="Who did it. Null if a service account did, or if the users "
        "service is unavailable."
    )
    subject: SettingSubject = strawberry.field(description="What kind of setting.")
    key: str = strawberry.field(description="Which one, by its key or name.")
    before: JSON | None = strawberry.field(
        description="What it was; null if it was made."
    )
    after: JSON | None = strawberry.field(
        description="What it became; null if it was removed."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        actor = row["actor_id"]
        return cls(
            at=row["at"],
            actor=User(id=actor) if actor and is_id(actor, "usr") else None,
            subject=row["subject"],
            key=row["key"],
            before=row["before"],
            after=row["after"],
        )


TicketSettingChangeConnection = Connection[TicketSettingChange]
