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
from kit.filters import OPERATORS, Columns
from kit.pagination import Order
from subgraphs.users.models import DepartmentRow, RoleAssignmentRow, RoleRow, UserRow

USERS: Final = UserRow.__table__.c
DEPARTMENTS: Final = DepartmentRow.__table__.c
ROLES: Final = RoleRow.__table__.c
HELD: Final = RoleAssignmentRow.__table__.c

BY_NAME: Final = (("name", False), ("id", False))
REPORTS: Final = Order("reports", BY_NAME)
MEMBERS: Final = Order("members", BY_NAME)
ALL_DEPARTMENTS: Final = Order("departments", BY_NAME)


def holds_role(operator: str, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say of a person: holds a role whose key … (or, of ``any``: holds one at all).

    The opposites ("is not", "is none of") say that no role of theirs is the one.
    """
    held = (
        select(literal_column("1"))
        .select_from(RoleAssignmentRow)
        .join(RoleRow, ROLES.id == HELD.role_id)
        .where(HELD.user_id == USERS.id)
    )
    if operator == "any":
        return held.exists() == type_coerce(value, Boolean)
    if operator in {"in", "nin"}:
        found = held.where(ROLES.key == any_(type_coerce(value, ARRAY(IdText))))
        return found.exists() if operator == "in" else ~found.exists()
    text = type_coerce(value, IdText)
    if operator == "neq":
        return ~held.where(ROLES.key == text).exists()
    return held.where(OPERATORS[operator](ROLES.key, text)).exists()


USER_FILTER: Final[Columns] = {
    "id": USERS.id,
    "email": USERS.email,
    "name": USERS.name,
    "active": USERS.active,
    "department": USERS.department_id,
    "manager": USERS.manager_id,
    "updated_at": USERS.updated_at,
    "erased_at": USERS.erased_at,
    "role_key": holds_role,
}
