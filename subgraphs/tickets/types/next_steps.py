"""What the viewer may do next with a ticket, and why not."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple, cast

import strawberry
from asyncpg import Record

from kit.rows import ShownRow
from subgraphs.tickets import policy
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import ENDED, StatusCategory, TransitionCheck
from subgraphs.tickets.models.enums import OVER
from subgraphs.tickets.service import blockers
from subgraphs.tickets.types.settings import TicketStatus

NO_WORK: Final = "You do not work on tickets."
NOT_YOURS: Final = "This ticket is not yours."
NO_SOLUTION: Final = "From where it stands no step leads to a solution."
NOT_ENDED: Final = "It has not ended, so there is nothing to reopen."
NO_WAY_BACK: Final = "From where it stands no step leads back to work."
MERGED: Final = "It was merged into another ticket: change that one."
NO_REPLIES: Final = "The ticket is over: nobody replies on it."
ONLY_RESOLVED: Final = "You may reopen your own tickets while they are resolved."


@strawberry.type(description="A step that may be taken from where a ticket stands.")
class TicketTransition:
    to_status: TicketStatus = strawberry.field(description="Where it leads.")
    required_fields: list[str] = strawberry.field(
        description="Inputs of `transitionTicket` that it demands, such as "
        "`holdReason`."
    )
    blocked_by: list[str] = strawberry.field(
        description="Why it cannot be taken now, as sentences; empty when it can."
    )
    parent_id: strawberry.Private[str]
    ends: strawberry.Private[bool]

    @strawberry.field(
        description="How many open children that the viewer sees "
        "`transitionTicket(closeChildren: true)` takes along by this step; 0 where it "
        "leads to no end."
    )
    async def open_children(self, info: Info) -> int:
        if not self.ends:
            return 0
        loader = info.context.loaders.open_children_by_ticket
        row = await loader.load(self.parent_id)
        return row["count"] if row else 0


class Step(NamedTuple):
    """A step of the workflow from where a ticket stands, and what blocks it now."""

    row: Record
    target: StatusCategory
    allowed: bool
    """The viewer may take such a step."""
    blocked_by: list[str]

    @property
    def open(self) -> bool:
        """The viewer may take it now."""
        return self.allowed and not self.blocked_by


async def next_steps(info: Info, asked: ShownRow) -> list[Step]:
    """Find the steps of a ticket's workflow from where it stands.

    For all tickets of a list together that is one statement for the steps, one for
    the calendar where any has ended, and one for the checks where any step has some.
    """
    caller, loaders = info.context.identity, info.context.loaders
    mine, ticket = cast("policy.Owned", asked), asked.row
    stands, kind = StatusCategory(ticket["status_category"]), ticket["type"]
    rows = [
        row
        for row in await loaders.transitions_by_status.load(ticket["status_id"])
        if row["type"] == kind and kind in row["applies_to"]
    ]
    ended, checked = stands in ENDED, any(row["checks"] for row in rows)
    merged = ticket["merged_into_id"] is not None
    late = await too_late(info, ticket) if ended and not merged else None
    met = await loaders.blockers_by_ticket.load(ticket["id"]) if checked else None
    found: list[Step] = []
    for row in rows:
        target = StatusCategory(row["category"])
        reasons = [MERGED] if merged else blocked(row["checks"], met)
        if late is not None and target not in ENDED:
            reasons.append(late)
        allowed = policy.can_move(caller, mine, stands, target)
        found.append(Step(row, target, allowed, reasons))
    return found


def blocked(checks: list[str], met: Record | None) -> list[str]:
    """Say what a step's checks find, in sentences."""
    return [
        blockers.SENTENCES[TransitionCheck(check)]
        for check in checks
        if met is not None and met[check]
    ]


async def too_late(info: Info, ticket: Record) -> str | None:
    """Say why a ticket that ended may not be reopened any more, if so."""
    row = await info.context.loaders.lifecycle.load(1)
    within = row["reopen_within"] if row else None
    now = datetime.now(UTC)
    return blockers.too_late(info.context.identity, ticket["ended_at"], within, now)


def reasons_against(steps: Iterable[Step], nothing: str) -> list[str]:
    """Say why none of these steps can be taken; nothing where one can.

    ``nothing`` is the reason where there is no such step at all.
    """
    allowed = [step for step in steps if step.allowed]
    if any(step.open for step in allowed):
        return []
    return [reason for step in allowed for reason in step.blocked_by] or [nothing]


@strawberry.type(description="What the viewer may do with a ticket.")
class TicketPermissions:
    """What takes a look at the workflow is looked at where it is asked for."""

    can_comment: bool = strawberry.field(
        description="Reply, for all who see it. Nobody may on one that is over."
    )
    can_comment_internally: bool = strawberry.field(
        description="Read and write notes that only those who work on it see."
    )
    can_edit: bool = strawberry.field(
        description="Change its texts and tags. Nobody may on one that was merged into "
        "another, nor any of what follows here."
    )
    can_assign: bool = strawberry.field(
        description="Give it to a group or a person, and classify it."
    )
    can_merge: bool = strawberry.field(description="Merge it with another ticket.")
    stands: strawberry.Private[StatusCategory]
    merged: strawberry.Private[bool]
    ticket: strawberry.Private[ShownRow]

    @strawberry.field(
        description="Move it to a status of the category RESOLVED, as it stands now."
    )
    async def can_resolve(self, info: Info) -> bool:
        return not await self.against_resolving(info)

    @strawberry.field(description="Take it up again after its end, as it stands now.")
    async def can_reopen(self, info: Info) -> bool:
        return not await self.against_reopening(info)

    @strawberry.field(description="Why not, as sentences; empty when all is allowed.")
    async def cannot_reasons(self, info: Info) -> list[str]:
        reasons = [
            *([] if self.can_edit or self.merged else [NOT_YOURS]),
            *await self.against_resolving(info),
            *await self.against_reopening(info),
            *([NO_REPLIES] if self.stands in OVER else []),
        ]
        return list(dict.fromkeys(reasons))

    async def against_resolving(self, info: Info) -> list[str]:
        """Say why the viewer may not resolve it; nothing where they may."""
        if self.merged:
            return [MERGED]
        if not self.can_assign:
            return [NO_WORK]
        steps = await next_steps(info, self.ticket)
        solves = [step for step in steps if step.target is StatusCategory.RESOLVED]
        return reasons_against(solves, NO_SOLUTION)

    async def against_reopening(self, info: Info) -> list[str]:
        """Say why the viewer may not reopen it; nothing where they may."""
        if self.merged:
            return [MERGED]
        if not self.can_edit:
            return [NOT_YOURS]
        if self.stands not in ENDED:
            return [NOT_ENDED]
        steps = await next_steps(info, self.ticket)
        back = [step for step in steps if step.target not in ENDED]
        nothing = NO_WAY_BACK if self.can_assign else ONLY_RESOLVED
        return reasons_against(back, nothing)


@strawberry.type
class TicketNextSteps(ShownRow):
    """What a ticket says of what the viewer may do with it."""

    __slots__ = ()

    @strawberry.field(
        description="The steps that the viewer may take next, with the inputs each "
        "demands, and what blocks them now."
    )
    async def available_transitions(self, info: Info) -> list[TicketTransition]:
        return [
            TicketTransition(
                to_status=TicketStatus.from_row(step.row),
                required_fields=step.row["required_fields"],
                blocked_by=step.blocked_by,
                parent_id=self.row["id"],
                ends=step.target in ENDED,
            )
            for step in await next_steps(info, self)
            if step.allowed
        ]

    @strawberry.field(description="What the viewer may do with it, and why not more.")
    def viewer_permissions(self, info: Info) -> TicketPermissions:
        caller, mine = info.context.identity, cast("policy.Owned", self)
        merged = self.row["merged_into_id"] is not None
        work = policy.can_work(caller, mine) and not merged
        stands = StatusCategory(self.row["status_category"])
        replies = stands not in OVER and policy.can_comment(caller, mine)
        return TicketPermissions(
            can_comment=replies,
            can_comment_internally=policy.can_comment_internally(caller, mine),
            can_edit=policy.can_edit(caller, mine) and not merged,
            can_assign=work,
            can_merge=work,
            stands=stands,
            merged=merged,
            ticket=self,
        )
