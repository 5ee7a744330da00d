"""Changing categories and services that are there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    CategoryRow,
    ServiceRow,
    SettingSubject,
)
from subgraphs.tickets.repository import catalog, writes
from subgraphs.tickets.repository.workflow import lock_settings
from subgraphs.tickets.service import setting_log, texts
from subgraphs.tickets.service.act import Act


async def update_category(
    session: AsyncSession, act: Act, category_id: str, given: Mapping[str, Any]
) -> CategoryRow:
    """Rename or move a category, name its group, retire it or take it back.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, CYCLE for a parent inside it, TAKEN with
            the category that has the name there, or a value that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)  # two that move at once could make a ring
    row = await writes.category_by_id(session, category_id)
    if row is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such category.", ("input", "id")
        )
    before, was = said_category(row), row.name
    name, parent_id = row.name, row.parent_id
    if "name" in given:
        name = texts.line(given["name"], "name", LONGEST_NAME)
    if "parent_id" in given:
        parent_id = given["parent_id"]
        await check_parent(session, row, parent_id)
    taken = await writes.category_named(session, name, parent_id)
    if taken is not None and taken.id != row.id:
        raise RejectedError(
            Code.TAKEN, "This name is taken.", ("input", "name"), current=taken.id
        )
    row.name, row.parent_id = name, parent_id
    if "default_group_id" in given:
        row.default_group_id = texts.foreign_id(
            given["default_group_id"], "grp", "defaultGroupId", "group"
        )
    if given.get("retired") is not None:
        row.retired_at = (row.retired_at or act.noted_at) if given["retired"] else None
    setting_log.note(
        session,
        act,
        SettingSubject.CATEGORY,
        was,
        before=before,
        after=said_category(row),
    )
    return row


async def check_parent(
    session: AsyncSession, row: CategoryRow, parent_id: str | None
) -> None:
    """Check that a category may lie inside another one.

    Raises:
        RejectedError: NOT_FOUND, or CYCLE.

    """
    if parent_id is None:
        return
    path = ("input", "parentId")
    above = await catalog.ancestors(session, parent_id)
    if not above:
        raise RejectedError(Code.NOT_FOUND, "There is no such category.", path)
    if row.id in above:
        raise RejectedError(Code.CYCLE, "It would lie inside itself.", path)


async def update_service(
    session: AsyncSession, act: Act, service_id: str, given: Mapping[str, Any]
) -> ServiceRow:
    """Rename a service, say who answers for it, retire it or take it back.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, TAKEN with the service that has the
            name, or a value that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)
    row = await writes.service_by_id(session, service_id)
    if row is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such service.", ("input", "id")
        )
    before, was = said_service(row), row.name
    if "name" in given:
        name = texts.line(given["name"], "name", LONGEST_NAME)
        taken = await writes.service_named(session, name)
        if taken is not None and taken.id != row.id:
            raise RejectedError(
                Code.TAKEN, "This name is taken.", ("input", "name"), current=taken.id
            )
        row.name = name
    if "owner_id" in given:
        row.owner_id = texts.foreign_id(given["owner_id"], "usr", "ownerId", "user")
    if given.get("retired") is not None:
        row.retired_at = (row.retired_at or act.noted_at) if given["retired"] else None
    setting_log.note(
        session,
        act,
        SettingSubject.SERVICE,
        was,
        before=before,
        after=said_service(row),
    )
    return row


def said_category(row: CategoryRow) -> dict[str, Any]:
    """Write a category as the log of settings has it."""
    return {
        "name": row.name,
        "parentId": row.parent_id,
        "defaultGroupId": row.default_group_id,
        "retired": row.retired_at is not None,
    }


def said_service(row: ServiceRow) -> dict[str, Any]:
    """Write a service as the log of settings has it."""
    return {
        "name": row.name,
        "ownerId": row.owner_id,
        "retired": row.retired_at is not None,
    }
