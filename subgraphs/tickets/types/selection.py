"""What a query asks of tickets → the columns that must be read for it.

The answer is the same each time a field of a document is run, so it is worked out
once for each field and remembered as long as its document is likely to be.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from subgraphs.tickets.context import Info
from subgraphs.tickets.policy import LOOKED_AT
from subgraphs.tickets.repository.columns import (
    TICKETS,
    WHOLE,
    Listing,
    tickets_with,
)

NEXT_STEPS: Final = (
    "type",
    "status_id",
    "status_category",
    "ended_at",
    "merged_into_id",
    *LOOKED_AT,
)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "__typename": (),
    "id": (),
    "history": (),
    "description": ("description",),
    "number": ("number",),
    "type": ("type",),
    "title": ("title",),
    "channel": ("channel",),
    "status": ("status_id", "status_key", "status_name", "status_category"),
    "holdReason": ("hold_reason",),
    "impact": ("impact",),
    "urgency": ("urgency",),
    "priority": ("priority",),
    "priorityOverridden": ("priority_overridden",),
    "requester": ("requester_id",),
    "openedBy": ("opened_by_id",),
    "requesterDepartment": ("requester_department_id",),
    "group": ("group_id",),
    "assignee": ("assignee_id",),
    "category": ("category_id",),
    "service": ("service_id",),
    "tags": ("tags",),
    "watchers": (),
    "parent": (),
    "mergedInto": ("merged_into_id",),
    "links": (),
    "resolution": (
        "resolution_code",
        "resolution_notes",
        "resolved_by_id",
        "resolved_at",
    ),
    "reassignmentCount": ("reassignment_count",),
    "reopenCount": ("reopen_count",),
    "openedAt": ("opened_at",),
    "createdAt": ("created_at",),
    "updatedAt": ("updated_at",),
    "resolvedAt": ("resolved_at",),
    "closedAt": ("closed_at",),
    "version": ("version",),
    "slaClocks": (),
    "firstRespondedAt": ("first_responded_at",),
    "slaState": ("sla_state",),
    "slaDueAt": ("sla_due_at",),
    "availableTransitions": NEXT_STEPS,
    "viewerPermissions": NEXT_STEPS,
    "details": ("type", "details"),
    "customFields": ("custom_fields",),
    "approvalState": ("approval_state",),
}
"""What each field of a ticket is made of; one that is not here takes all columns."""

OF_CONNECTIONS: Final = frozenset({"pageInfo", "totalCount", "totalCountIsExact"})
OF_TICKETS: Final = frozenset({"Ticket", "Node"})
REMEMBERED: Final = 2_000

Fragments = Mapping[str, FragmentDefinitionNode]
Remembered = tuple[tuple[FieldNode, ...], frozenset[str] | None]

_known: OrderedDict[tuple[int, ...], Remembered] = OrderedDict()


def listing_for(info: Info, *, also: Iterable[str] = ()) -> Listing:
    """Choose what to read for the field that is being resolved.

    The field is a ticket, a connection of tickets or a reference to some; ``also``
    names columns that are needed whatever is asked: those that cursors are made of.
    """
    raw: Any = info._raw_info  # noqa: SLF001 - Strawberry's own view of it is made anew for each call
    names = columns_for(raw.field_nodes, raw.fragments)
    return TICKETS if names is None else tickets_with(names.union(also))


def asked_of(info: Info, *names: str) -> list[FieldNode]:
    """Give the selections of fields below the one that is being resolved; or none.

    What nobody asks of a change need not be read again.
    """
    raw: Any = info._raw_info  # noqa: SLF001 - see above
    return [
        field
        for node in raw.field_nodes
        for field in everything_below(node.selection_set, raw.fragments)
        if field.name.value in names
    ]


def listing_of(info: Info, nodes: list[FieldNode]) -> Listing:
    """Choose what to read for a ticket that these fields of a payload select."""
    raw: Any = info._raw_info  # noqa: SLF001 - see above
    names = columns_for(nodes, raw.fragments)
    return WHOLE if names is None else tickets_with(names)


def columns_for(nodes: list[FieldNode], fragments: Fragments) -> frozenset[str] | None:
    """Name the columns that these fields of one document need; None means all."""
    key = tuple(map(id, nodes))
    found = _known.get(key)
    if found is None:
        # The nodes are kept, so that nobody else's will have their ids.
        found = _known[key] = (tuple(nodes), read_columns(nodes, fragments))
        if len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return found[1]


def read_columns(
    nodes: Iterable[FieldNode], fragments: Fragments
) -> frozenset[str] | None:
    """Work out `columns_for` from the selection."""
    names: set[str] = set()
    for name in ticket_fields(nodes, fragments):
        if name not in COLUMNS:
            return None
        names.update(COLUMNS[name])
    return frozenset(names)


def ticket_fields(nodes: Iterable[FieldNode], fragments: Fragments) -> Iterator[str]:
    """Name the fields asked of tickets, through a connection's nodes and edges."""
    for node in nodes:
        for field in below(node.selection_set, fragments):
            if field.name.value == "nodes":
                yield from names_below(field, fragments)
            elif field.name.value == "edges":
                for edge in below(field.selection_set, fragments):
                    if edge.name.value == "node":
                        yield from names_below(edge, fragments)
            elif field.name.value not in OF_CONNECTIONS:
                yield field.name.value


def names_below(node: FieldNode, fragments: Fragments) -> Iterator[str]:
    """Name the fields directly below one."""
    return (field.name.value for field in below(node.selection_set, fragments))


def below(
    selected: SelectionSetNode | None, fragments: Fragments
) -> Iterator[FieldNode]:
    """Give the fields of a selection, those in fragments on tickets included."""
    for each in selected.selections if selected else ():
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            if concerns_tickets(each):
                yield from below(each.selection_set, fragments)
        elif isinstance(each, FragmentSpreadNode):
            fragment = fragments[each.name.value]
            if concerns_tickets(fragment):
                yield from below(fragment.selection_set, fragments)


def everything_below(
    selected: SelectionSetNode | None, fragments: Fragments
) -> Iterator[FieldNode]:
    """Give the fields of a selection of one type, through all fragments."""
    for each in selected.selections if selected else ():
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            yield from everything_below(each.selection_set, fragments)
        elif isinstance(each, FragmentSpreadNode):
            fragment = fragments[each.name.value]
            yield from everything_below(fragment.selection_set, fragments)


def concerns_tickets(fragment: InlineFragmentNode | FragmentDefinitionNode) -> bool:
    """Say whether a fragment can be about a ticket, or a list of them."""
    condition = fragment.type_condition
    name = condition.name.value if condition else "Ticket"
    return name in OF_TICKETS or name.startswith("Ticket")
