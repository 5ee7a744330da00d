"""Who is whose manager after a file was taken: resolved together, without a circle."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import UserRow
from subgraphs.users.repository import importing

COLUMN: Final = "manager"


class Row(Protocol):
    """What of a row matters here."""

    email: str
    user: UserRow | None
    user_id: str
    values: dict[str, Any]
    manager: str | None
    problems: list[Any]

    def blame(self, column: str | None, code: Code, message: str) -> None:
        """Note what speaks against it."""
        ...


async def settle_managers(
    session: AsyncSession,
    rows: Sequence[Row],
    known: importing.Known,
    elsewhere: Collection[str],
) -> None:
    """Find each row's manager, among those who are there and those whom rows add.

    A row that fails takes along those whose manager it was to add, and of a circle
    every row that would close it fails.
    """
    named = [row for row in rows if row.manager is not None]
    above = await importing.managers(session) if named else {}
    will_be_there = {each.lower() for each in elsewhere}
    while True:
        added = {
            row.email: row.user_id
            for row in rows
            if row.user is None and not row.problems
        }
        good = [row for row in named if not row.problems]
        for row in good:
            find(row, known.users, added, will_be_there)
        good = [row for row in good if not row.problems]
        for row in circular(good, above):
            row.blame(COLUMN, Code.CYCLE, "They would report to themselves.")
        if all(not row.problems for row in good) and len(added) == sum(
            row.user is None and not row.problems for row in rows
        ):
            return


def find(
    row: Row,
    users: Mapping[str, UserRow],
    added: Mapping[str, str],
    elsewhere: Collection[str],
) -> None:
    """Find the manager of one row."""
    said = row.manager
    if not said:
        row.values["manager_id"] = None
    elif said in users:
        row.values["manager_id"] = users[said].id
    elif said in added:
        row.values["manager_id"] = added[said]
    elif said in elsewhere:
        row.values["manager_id"] = None
    else:
        row.blame(COLUMN, Code.NOT_FOUND, "There is nobody with this address.")


def circular(rows: Sequence[Row], above: Mapping[str, str]) -> list[Row]:
    """Name the rows whose person would report to themselves, all rows being taken."""
    after: dict[str, str | None] = {**above}
    for row in rows:
        after[row.user_id] = row.values["manager_id"]
    found: list[Row] = []
    for row in rows:
        seen: set[str] = set()
        boss = after.get(row.user_id)
        while boss is not None and boss != row.user_id and boss not in seen:
            seen.add(boss)
            boss = after.get(boss)
        if boss == row.user_id:
            found.append(row)
    return found
