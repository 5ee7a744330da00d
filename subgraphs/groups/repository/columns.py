"""What the names in filters, orders and rows mean in SQL."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    any_,
    literal_column,
    select,
    type_coerce,
)

from kit.database import IdText
from kit.filters import Columns
from kit.pagination import Order
from subgraphs.groups.models import AvailabilityRow, GroupMemberRow, GroupRow

GROUPS: Final = GroupRow.__table__.c
MEMBERS: Final = GroupMemberRow.__table__.c
AVAILABILITIES: Final = AvailabilityRow.__table__.c

ALL_GROUPS: Final = Order("groups", (("name", False), ("id", False)))
BY_JOINING: Final = Order("members", (("joined_at", False), ("user_id", False)))


def has_member(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say of a group: a member of it is … (or, of ``any``: it has one at all).

    "Is none of" says that no member is one of them.
    """
    member = (
        select(literal_column("1"))
        .select_from(GroupMemberRow)
        .where(MEMBERS.group_id == GROUPS.id)
    )
    if operator == "any":
        return member.exists() == type_coerce(value, Boolean)
    if operator == "eq":
        return member.where(MEMBERS.user_id == type_coerce(value, IdText)).exists()
    them = member.where(MEMBERS.user_id == any_(type_coerce(value, ARRAY(IdText))))
    return them.exists() if operator == "in" else ~them.exists()


GROUP_FILTER: Final[Columns] = {
    "id": GROUPS.id,
    "name": GROUPS.name,
    "kind": GROUPS.kind,
    "department": GROUPS.department_id,
    "member": has_member,
}
