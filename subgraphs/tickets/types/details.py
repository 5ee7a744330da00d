"""What a ticket has by its type alone, and by the fields that were added to it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Union

import strawberry
from asyncpg import Record

from kit.rows import ShownRow
from kit.scalars import JSON
from subgraphs.tickets.context import Info
from subgraphs.tickets.models import Impact, TicketType
from subgraphs.tickets.repository.reads import OF_TICKETS
from subgraphs.tickets.types.catalog import CatalogItem
from subgraphs.tickets.types.selection import listing_for
from subgraphs.tickets.types.words import ApprovalState, ChangeKind, CustomFieldKind

if TYPE_CHECKING:
    from subgraphs.tickets.types.ticket import Ticket

Linked = Annotated["Ticket", strawberry.lazy("subgraphs.tickets.types.ticket")]
Kept = strawberry.Private[Mapping[str, Any]]
UNSEEN = "null if nobody said, or if the viewer may not see it."


@strawberry.type(description="What a custom field of a ticket, or of a form, holds.")
class CustomFieldValue:
    key: str = strawberry.field(description="Name of the field for machines.")
    label: str = strawberry.field(description="Name of the field for people.")
    kind: CustomFieldKind = strawberry.field(description="What it holds.")
    value: JSON = strawberry.field(
        description="What stands in it: a text (a day as YYYY-MM-DD, a user as an "
        "id), a number, true or false, or a list of texts."
    )


def values_of(
    definitions: Iterable[Record], kept: Mapping[str, Any]
) -> list[CustomFieldValue]:
    """Put values beside their definitions, in the order of these."""
    return [
        CustomFieldValue(
            key=row["key"],
            label=row["label"],
            kind=row["kind"],
            value=JSON(kept[row["key"]]),
        )
        for row in definitions
        if row["key"] in kept
    ]


async def linked(info: Info, key: str | None) -> Any:
    """Find a ticket that another one names, if the viewer may see it."""
    from subgraphs.tickets.types.ticket import Ticket  # noqa: PLC0415 - tickets have details, and details name tickets

    if key is None:
        return None
    row = await info.context.loaders.ticket_by_id(listing_for(info)).load(key)
    return Ticket.from_row(row) if row else None


@strawberry.type(description="What an incident has.")
class IncidentDetails:
    kept: Kept

    @strawberry.field(description="Many are affected, and all hands are called.")
    def major(self) -> bool:
        return bool(self.kept.get("major"))

    @strawberry.field(description=f"The change that caused it; {UNSEEN}")
    async def caused_by_change(self, info: Info) -> Linked | None:
        return await linked(info, self.kept.get("causedByChange"))

    @strawberry.field(description=f"The problem that it is a case of; {UNSEEN}")
    async def known_error(self, info: Info) -> Linked | None:
        return await linked(info, self.kept.get("knownError"))


@strawberry.type(description="What a service request has.")
class ServiceRequestDetails:
    kept: Kept

    @strawberry.field(
        description="What is asked for; null if it is nothing of the catalogue."
    )
    async def catalog_item(self, info: Info) -> CatalogItem | None:
        key = self.kept.get("catalogItem")
        row = key and await info.context.loaders.catalog_item_by_id.load(key)
        return CatalogItem.from_row(row) if row else None

    @strawberry.field(description="What was filled into the item's form, in its order.")
    async def form_answers(self, info: Info) -> list[CustomFieldValue]:
        key, kept = self.kept.get("catalogItem"), self.kept.get("formAnswers")
        if not key or not kept:
            return []
        form = await info.context.loaders.fields_by_item.load(key)
        return values_of(form, kept)


@strawberry.type(description="What a problem has.")
class ProblemDetails:
    kept: Kept

    @strawberry.field(description="Why it happens, as Markdown; null: not known.")
    def root_cause(self) -> str | None:
        return self.kept.get("rootCause")

    @strawberry.field(
        description="What helps until it is mended, as Markdown; null: nothing known."
    )
    def workaround(self) -> str | None:
        return self.kept.get("workaround")

    @strawberry.field(
        description="It is understood, and incidents may be told to be cases of it."
    )
    def is_known_error(self) -> bool:
        return bool(self.kept.get("isKnownError"))


@strawberry.type(description="What a change has.")
class ChangeDetails:
    kept: Kept

    @strawberry.field(description="How it is handled.")
    def kind(self) -> ChangeKind:
        return ChangeKind(self.kept.get("kind", ChangeKind.NORMAL.value))

    @strawberry.field(description="How much may go wrong; null: not judged.")
    def risk(self) -> Impact | None:
        risk = self.kept.get("risk")
        return None if risk is None else Impact(risk)

    @strawberry.field(description="When it is to begin; null: not planned.")
    def planned_start_at(self) -> datetime | None:
        return instant_of(self.kept.get("plannedStartAt"))

    @strawberry.field(description="When it is to end; null: not planned.")
    def planned_end_at(self) -> datetime | None:
        return instant_of(self.kept.get("plannedEndAt"))

    @strawberry.field(
        description="How it is taken back, as Markdown; null: nobody wrote it down."
    )
    def backout_plan(self) -> str | None:
        return self.kept.get("backoutPlan")


def instant_of(kept: str | None) -> datetime | None:
    """Read an instant as details keep it."""
    return None if kept is None else datetime.fromisoformat(kept)


TicketDetails = Annotated[
    Union[IncidentDetails, ServiceRequestDetails, ProblemDetails, ChangeDetails],  # noqa: UP007 - Strawberry names a union by it
    strawberry.union(
        "TicketDetails", description="What a ticket has by its type alone."
    ),
]
CLASSES: dict[str, Any] = {
    TicketType.INCIDENT.value: IncidentDetails,
    TicketType.SERVICE_REQUEST.value: ServiceRequestDetails,
    TicketType.PROBLEM.value: ProblemDetails,
    TicketType.CHANGE.value: ChangeDetails,
}


@strawberry.type
class TicketKinds(ShownRow):
    """What a ticket says beyond what all have."""

    __slots__ = ()

    approval_state: ApprovalState | None = strawberry.field(
        description="What became of the consent that it needs; null: it needs none."
    )

    @strawberry.field(description="What it has by its type alone.")
    def details(self) -> TicketDetails:
        row = self.row
        return CLASSES[row["type"]](kept=row["details"] or {})

    @strawberry.field(
        description="What stands in the fields that administrators added, in their "
        "order; those that are empty are left out."
    )
    async def custom_fields(self, info: Info) -> list[CustomFieldValue]:
        kept = self.row["custom_fields"]
        if not kept:
            return []
        fields = await info.context.loaders.fields_by_item.load(OF_TICKETS)
        return values_of(fields, kept)
