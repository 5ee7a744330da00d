"""Rows of a file on their way to people, and how they are written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.identity import Identity
from kit.ids import new_id
from subgraphs.users import events
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import RoleAssignmentRow, RoleRow, RoleScope, UserRow
from subgraphs.users.repository import importing
from subgraphs.users.service.csv_people import Line
from subgraphs.users.service.words import refuse


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``column`` is None where it is the row itself."""

    column: str | None
    code: str
    message: str


@dataclass(slots=True)
class Draft:
    """A row on its way: what it says of whom, and what speaks against it."""

    line: Line
    email: str = ""
    user: UserRow | None = None
    user_id: str = ""
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    roles: list[RoleRow] = field(default_factory=list[RoleRow])
    manager: str | None = None
    """The manager's address; empty for none, None where the file does not say."""
    problems: list[Problem] = field(default_factory=list[Problem])
    outcome: str = "UNCHANGED"

    def blame(self, column: str | None, code: Code, message: str) -> None:
        """Note what speaks against it."""
        self.problems.append(Problem(column, code.value, message))

    def result(self) -> dict[str, Any]:
        """Say what became of it, as JSON that is noted for good: without addresses."""
        failed = bool(self.problems)
        return {
            "row": self.line.row,
            "outcome": "FAILED" if failed else self.outcome,
            "user": None if failed or not self.user_id else self.user_id,
            "problems": [asdict(problem) for problem in self.problems],
        }


async def write(
    session: AsyncSession,
    caller: Identity,
    drafts: Sequence[Draft],
) -> None:
    """Write all that is new, and tell of it.

    Raises:
        RejectedError: TAKEN.

    """
    new = {draft.user_id: row_of(draft) for draft in drafts if draft.user is None}
    if not await importing.add_users(session, list(new.values())):
        raise refuse(
            Code.TAKEN, "Somebody of them was added at this moment; try again.", "csv"
        )
    changed = [
        draft for draft in drafts if draft.user and (draft.values or draft.roles)
    ]
    for draft in changed:
        apply(draft)
    await session.flush()
    given = [
        assignment(caller, draft, role) for draft in drafts for role in draft.roles
    ]
    await importing.add_assignments(session, [values for _, values in given])
    await events.people_imported(
        session,
        caller,
        added=[UserRow(**row) for row in new.values()],
        changed=[(d.user, d.values) for d in changed if d.user and d.values],
        given=[
            (values["user_id"], key, RoleAssignmentRow(**values))
            for key, values in given
        ],
    )


def apply(draft: Draft) -> None:
    """Put what is new into the row of somebody who is there."""
    user = draft.user
    if user is None:
        return
    for name, value in draft.values.items():
        setattr(user, name, value)
    user.version += 1
    user.updated_at = datetime.now(UTC)


def assignment(
    caller: Identity, draft: Draft, role: RoleRow
) -> tuple[str, dict[str, Any]]:
    """Write a role that a row gives, with its key."""
    return role.key, {
        "id": new_id("ras"),
        "user_id": draft.user_id,
        "role_id": role.id,
        "scope": RoleScope.GLOBAL,
        "granted_by_id": caller.subject,
    }


def row_of(draft: Draft) -> dict[str, Any]:
    """Write a new person's row."""
    return {
        "id": draft.user_id,
        "active": True,
        "version": 1,
        "locale": "en",
        "time_zone": "UTC",
        "department_id": None,
        "manager_id": None,
        **draft.values,
    }


def forget_ids(drafts: Sequence[Draft]) -> None:
    """Name nobody who would only be added."""
    for draft in drafts:
        if draft.user is None:
            draft.user_id = ""
