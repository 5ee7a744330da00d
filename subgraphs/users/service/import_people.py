"""Bringing people in from a file: all by the rules that hold for one at a time.

Rows that break one fail by themselves; the others are written. The file says how
people are to be, so that the same file again changes nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.identity import Identity
from kit.ids import new_id
from subgraphs.users import policy
from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.models import LONGEST_NAME, REQUESTER
from subgraphs.users.repository import importing, writes
from subgraphs.users.service.csv_people import Line
from subgraphs.users.service.drafts import Draft, forget_ids, write
from subgraphs.users.service.managers import settle_managers
from subgraphs.users.service.people import may_switch
from subgraphs.users.service.words import email_address, language, line, refuse, zone

TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}


async def import_people(
    session: AsyncSession,
    caller: Identity,
    lines: Sequence[Line],
    *,
    dry_run: bool,
    elsewhere: Sequence[str],
) -> list[dict[str, Any]]:
    """Add and change people as the rows say; give what became of each.

    ``elsewhere`` are addresses of people whom a dry run of the same file added on
    another page: they are managers that will be there.

    Raises:
        RejectedError: FORBIDDEN, or TAKEN where somebody was added at this moment.

    """
    if not policy.can_create_users(caller):
        raise refuse(Code.FORBIDDEN, "You may not add people.")
    await writes.lock_tree(session, writes.MANAGERS)
    known = await importing.know(session, addresses(lines))
    drafts = [draft_of(caller, each, known) for each in lines]
    refuse_twins(drafts)
    await settle_managers(session, drafts, known, elsewhere if dry_run else ())
    for draft in drafts:
        if draft.user is not None and not draft.problems:
            await consider_switch(session, caller, draft)
    for draft in drafts:
        if not draft.problems:
            decide(draft, known)
    if not dry_run:
        await write(session, caller, [d for d in drafts if not d.problems])
    else:
        forget_ids(drafts)
    return [draft.result() for draft in drafts]


def addresses(lines: Sequence[Line]) -> set[str]:
    """Name everybody whom the rows name, as addresses are kept."""
    named = {
        each.cells.get(column, "").lower()
        for each in lines
        for column in ("email", "manager")
    }
    return {each for each in named if each.isprintable()} - {""}


def draft_of(caller: Identity, each: Line, known: importing.Known) -> Draft:
    """Read one row by the rules of its fields."""
    draft = Draft(each)
    if each.broken is not None:
        draft.blame(None, Code.INVALID, each.broken)
        draft.email = each.email
        return draft
    cells = each.cells
    with_rules = {
        "email": lambda: email_address(cells["email"]),
        "name": lambda: line(cells["name"], LONGEST_NAME, "name"),
        "locale": lambda: language(cells["locale"]),
        "timeZone": lambda: zone(cells["timeZone"]),
    }
    draft.email = each.email
    draft.user = known.users.get(draft.email)
    draft.user_id = draft.user.id if draft.user else new_id("usr")
    for column, check in with_rules.items():
        optional = column in {"locale", "timeZone"} or draft.user is not None
        if column not in cells or (optional and not cells[column]):
            continue
        try:
            found = check()
        except RejectedError as rejected:
            draft.blame(column, Code[rejected.code.name], rejected.message)
        else:
            draft.values["time_zone" if column == "timeZone" else column] = found
    if draft.user is None and "name" not in cells:
        draft.blame("name", Code.REQUIRED, "'name' is missing.")
    place(draft, cells, known)
    give_roles(caller, draft, cells, known)
    draft.manager = cells["manager"].lower() if "manager" in cells else None
    return draft


def place(draft: Draft, cells: dict[str, str], known: importing.Known) -> None:
    """Find a row's department by its code or its name, and whether it is active."""
    if "department" in cells:
        said = cells["department"]
        found = known.departments.get(said) or known.departments.get(said.casefold())
        if said and not found:
            draft.blame("department", Code.NOT_FOUND, "There is no such department.")
        elif found and len(found) > 1:
            draft.blame(
                "department", Code.INVALID, "Several have this name: give the code."
            )
        else:
            draft.values["department_id"] = next(iter(found)) if found else None
    said = cells.get("active", "").lower()
    if said and said not in TRUTHS:
        draft.blame("active", Code.INVALID, "'active' is true or false.")
    elif said:
        draft.values["active"] = TRUTHS[said]


def give_roles(
    caller: Identity, draft: Draft, cells: dict[str, str], known: importing.Known
) -> None:
    """Find the roles that a row gives; none that allows more than the caller may."""
    said = cells.get("roles", "").replace(",", ";").split(";")
    keys = list(dict.fromkeys(key.strip().lower() for key in said if key.strip()))
    for key in keys:
        role = known.roles.get(key)
        if role is None:
            draft.blame("roles", Code.NOT_FOUND, f"There is no role {key[:40]!r}.")
        elif not policy.can_assign_roles(caller) or not policy.can_grant(
            caller, role.permissions
        ):
            draft.blame("roles", Code.FORBIDDEN, f"You may not give the role {key!r}.")
        elif role.retired_at is not None:
            draft.blame("roles", Code.INVALID, f"The role {key!r} is retired.")
        else:
            draft.roles.append(role)
    if not keys and draft.user is None:
        draft.roles.append(known.roles[REQUESTER])


def refuse_twins(drafts: Sequence[Draft]) -> None:
    """Let only the first row of one person count."""
    first: dict[str, int] = {}
    for draft in drafts:
        if not draft.email or draft.line.broken is not None:
            continue
        row = first.setdefault(draft.email, draft.line.row)
        if row != draft.line.row:
            draft.blame("email", Code.TAKEN, f"Row {row} is of the same person.")


async def consider_switch(
    session: AsyncSession, caller: Identity, draft: Draft
) -> None:
    """See that the caller may deactivate somebody, or bring them back."""
    user = draft.user
    if user is None or draft.values.get("active", user.active) is user.active:
        return
    try:
        await may_switch(session, caller, user)
    except RejectedError as rejected:
        draft.blame("active", Code[rejected.code.name], rejected.message)


def decide(draft: Draft, known: importing.Known) -> None:
    """Say what is to become of a row, and leave of it what is new."""
    if draft.user is None:
        draft.outcome = "CREATED"
        return
    held = known.held.get(draft.user.id, set())
    draft.roles = [role for role in draft.roles if role.id not in held]
    draft.values = {
        name: value
        for name, value in draft.values.items()
        if getattr(draft.user, name) != value
    }
    if draft.roles or draft.values:
        draft.outcome = "UPDATED"
