"""The same change of many tickets, as a mutation."""

from dataclasses import replace
from typing import Annotated, Any, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.pagination import Page
from kit.writes import changes
from subgraphs.tickets.context import Info
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.mutations.carry_out import Work, Written, carry_out
from subgraphs.tickets.repository.columns import NEWEST_FIRST, TICKETS, tickets_with
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.assign_many import plan_many
from subgraphs.tickets.service.bulk_update import (
    MOST_AT_ONCE,
    Change,
    RehearsedError,
    Report,
    bulk_update,
    check_change,
    check_ids,
    too_many,
)
from subgraphs.tickets.service.transition_ticket import Step
from subgraphs.tickets.types.bulk import (
    BulkFailure,
    BulkUpdateTicketsInput,
    BulkUpdateTicketsPayload,
    BulkWarning,
    UpdateTicketSetInput,
)
from subgraphs.tickets.types.filters import ticket_predicate
from subgraphs.tickets.types.payloads import TicketUserError
from subgraphs.tickets.types.ticket import Ticket

CHANGES: Final = [["tickets:write"], ["tickets:work"]]


@strawberry.type(description="What can be done with many tickets at once.")
class BulkMutations:
    @strawberry.federation.field(
        description="Change many tickets in the same way: each by the rules of "
        "`assignTicket`, `updateTicket` and `transitionTicket`, whole or not at all, "
        "those that fail told one by one. Requires what those require.",
        authenticated=True,
        requires_scopes=CHANGES,
    )
    async def bulk_update_tickets(
        self,
        info: Info,
        input: Annotated[
            BulkUpdateTicketsInput, strawberry.argument(description="Which, and what.")
        ],
    ) -> BulkUpdateTicketsPayload:
        change = change_of(input.set)

        async def prepare() -> Work:
            check_change(change, of_a_step(input.set))
            ids = await chosen(info, input)
            try:
                many = await plan_many(
                    info.context.people, info.context.rosters, change.assignment
                )
            except RejectedError as rejected:
                raise inside_set(rejected) from rejected

            whole = replace(change, many=many)

            async def work(session: AsyncSession, act: Act) -> Written:
                report = await bulk_update(session, act, sorted(ids), whole)
                if input.dry_run:
                    raise RehearsedError(report)
                return written(report)

            return work

        try:
            done = await carry_out(info, "bulkUpdateTickets", input, prepare)
        except RehearsedError as rehearsed:
            return await payload(info, written(rehearsed.report))
        if done.user_errors:
            return BulkUpdateTicketsPayload(user_errors=done.user_errors)
        return await payload(info, done.written, repeated=done.repeated)


def of_a_step(given: UpdateTicketSetInput) -> dict[str, object]:
    """Name what belongs to a step alone."""
    return {
        "holdReason": given.hold_reason,
        "resolutionCode": given.resolution_code,
        "resolutionNotes": given.resolution_notes,
    }


def change_of(given: UpdateTicketSetInput) -> Change:
    """Read what changes."""
    moved = changes(given, ("to_status_key",)).get("to_status_key")
    step = moved and Step(
        to_status_key=moved,
        hold_reason=given.hold_reason,
        resolution_code=given.resolution_code,
        resolution_notes=given.resolution_notes,
        note=given.note,
    )
    return Change(
        assignment=changes(given, ("group_id", "assignee_id")),
        fields=changes(given, ("tags",)),
        step=step or None,
        note=given.note,
    )


async def chosen(info: Info, given: BulkUpdateTicketsInput) -> list[str]:
    """Find the tickets that are meant.

    Raises:
        RejectedError: REQUIRED, neither or both ways are used; TOO_LONG, too many.

    """
    if (given.ids is None) == (given.filter is None):
        raise RejectedError(
            Code.REQUIRED, "Give either 'ids' or 'filter'.", ("input", "ids")
        )
    if given.ids is not None:
        return check_ids(list(given.ids))
    rows = await info.context.loaders.tickets(
        tickets_with(frozenset({"opened_at"})),
        ticket_predicate(given.filter),
        Page(NEWEST_FIRST, MOST_AT_ONCE),
    )
    if len(rows) > MOST_AT_ONCE:
        raise too_many("filter")
    return [row["id"] for row in rows]


def inside_set(rejected: RejectedError) -> RejectedError:
    """Say where in this input a verb's own input stands."""
    path = rejected.path
    if path and path[0] == "input" and path != ["input", "id"]:
        path = ["input", "set", *path[1:]]
    return RejectedError(rejected.code, rejected.message, path)


def written(report: Report) -> Written:
    """Write a report as JSON."""
    return {
        "updated": report.updated,
        "failures": [
            {
                "id": key,
                "code": rejected.code.value,
                "message": rejected.message,
                "path": inside_set(rejected).path,
            }
            for key, rejected in report.failures.items()
        ],
        "warnings": report.warnings,
    }


async def payload(
    info: Info, report: Written, *, repeated: bool = False
) -> BulkUpdateTicketsPayload:
    """Answer a report, with the tickets as they are now."""
    failures: list[dict[str, Any]] = report["failures"]
    ids = [*report["updated"], *(each["id"] for each in failures)]
    rows = await info.context.loaders.tickets_by("id", ids, TICKETS) if ids else []
    tickets = {row["id"]: Ticket.from_row(row) for row in rows}
    return BulkUpdateTicketsPayload(
        user_errors=[],
        matched=len(ids),
        updated_count=len(report["updated"]),
        updated=[tickets[key] for key in report["updated"] if key in tickets],
        failures=[
            BulkFailure(
                id=each["id"],
                ticket=tickets.get(each["id"]),
                errors=[
                    TicketUserError(
                        message=each["message"],
                        path=each["path"],
                        code=Code(each["code"]),
                    )
                ],
            )
            for each in failures
        ],
        warnings=[
            BulkWarning(id=key, ticket=tickets.get(key), messages=messages)
            for key, messages in report.get("warnings", {}).items()
        ],
        repeated=repeated,
    )
