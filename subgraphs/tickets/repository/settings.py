"""What administrators have set, as the graph reads it."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from kit.database import Query
from kit.pagination import Order
from subgraphs.tickets.models import (
    PriorityRow,
    ResolutionCodeRow,
    SettingChangeRow,
    StatusRow,
    TransitionRow,
)
from subgraphs.tickets.repository.columns import Listing, columns_of

_SOURCE: Final = aliased(StatusRow)

WORKFLOW: Final = Query(
    select(
        TransitionRow.type,
        TransitionRow.from_id,
        TransitionRow.to_id,
        TransitionRow.required_fields,
        TransitionRow.checks,
    )
    .join(_SOURCE, _SOURCE.id == TransitionRow.from_id)
    .join(StatusRow, StatusRow.id == TransitionRow.to_id)
    .order_by(_SOURCE.position, _SOURCE.id, StatusRow.position, StatusRow.id)
)
"""Every step of every type, from the first status on."""

PRIORITIES: Final = Query(select(*PriorityRow.__table__.c))

RESOLUTION_CODES: Final = Query(
    select(*ResolutionCodeRow.__table__.c).order_by(
        ResolutionCodeRow.name, ResolutionCodeRow.id
    )
)

_CHANGE: Final = columns_of(SettingChangeRow)

SETTING_CHANGES: Final = Listing(
    columns=tuple(_CHANGE.values()),
    source=SettingChangeRow.__table__,
    bare=SettingChangeRow.__table__,
    names=_CHANGE,
    sortable=_CHANGE,
)
LATEST_FIRST: Final = Order("setting_changes", (("id", True),))
