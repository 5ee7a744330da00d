"""Categories and services: the small tables that tickets are sorted by."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import LONGEST_NAME, CategoryRow, ServiceRow
from subgraphs.tickets.repository import writes
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.act import Act


async def check_category(session: AsyncSession, key: str | None) -> str | None:
    """Return the id of a category in use, or None for none.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for one that is retired.

    """
    if key is None:
        return None
    found = await writes.category_by_id(session, key)
    if found is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such category.", ("input", "categoryId")
        )
    refuse_retired(found, "categoryId")
    return key


async def check_service(session: AsyncSession, key: str | None) -> str | None:
    """Return the id of a service in use, or None for none.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for one that is retired.

    """
    if key is None:
        return None
    found = await writes.service_by_id(session, key)
    if found is None:
        raise RejectedError(
            Code.NOT_FOUND, "There is no such service.", ("input", "serviceId")
        )
    refuse_retired(found, "serviceId")
    return key


def refuse_retired(row: CategoryRow | ServiceRow, name: str) -> None:
    """Refuse what is out of use.

    Raises:
        RejectedError: INVALID.

    """
    if row.retired_at is not None:
        raise RejectedError(Code.INVALID, "It is out of use.", ("input", name))


def refuse_strangers(act: Act) -> None:
    """Refuse who may not make categories and services.

    Raises:
        RejectedError: FORBIDDEN.

    """
    if not policy.can_configure(act.caller):
        raise RejectedError(Code.FORBIDDEN, "You may not change these settings.")


async def create_category(
    session: AsyncSession,
    act: Act,
    *,
    name: str,
    parent_id: str | None,
    default_group_id: str | None = None,
) -> CategoryRow:
    """Make a category, in another one or at the top.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND for the parent, TAKEN with the category
            that has this name there, or a name that cannot be kept.

    """
    refuse_strangers(act)
    name = texts.line(name, "name", LONGEST_NAME)
    if parent_id is not None and not await writes.category_by_id(session, parent_id):
        raise RejectedError(
            Code.NOT_FOUND, "There is no such category.", ("input", "parentId")
        )
    taken = await writes.category_named(session, name, parent_id)
    if taken is not None:
        raise RejectedError(
            Code.TAKEN, "This name is taken.", ("input", "name"), current=taken.id
        )
    texts.foreign_id(default_group_id, "grp", "defaultGroupId", "group")
    row = CategoryRow(
        id=new_id("cat"),
        name=name,
        parent_id=parent_id,
        default_group_id=default_group_id,
    )
    await keep(session, row)
    return row


async def create_service(
    session: AsyncSession, act: Act, *, name: str, owner_id: str | None
) -> ServiceRow:
    """Make a service.

    Raises:
        RejectedError: FORBIDDEN, INVALID for the owner, TAKEN with the service of
            this name, or a name that cannot be kept.

    """
    refuse_strangers(act)
    name = texts.line(name, "name", LONGEST_NAME)
    texts.foreign_id(owner_id, "usr", "ownerId", "user")
    taken = await writes.service_named(session, name)
    if taken is not None:
        raise RejectedError(
            Code.TAKEN, "This name is taken.", ("input", "name"), current=taken.id
        )
    row = ServiceRow(id=new_id("svc"), name=name, owner_id=owner_id)
    await keep(session, row)
    return row


async def keep(session: AsyncSession, row: CategoryRow | ServiceRow) -> None:
    """Write a row whose name somebody else may take at this very moment.

    Raises:
        RejectedError: TAKEN, they did.

    """
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise RejectedError(
            Code.TAKEN, "This name is taken.", ("input", "name")
        ) from error
