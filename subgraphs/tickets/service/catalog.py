"""Setting up what can be asked for, and which fields tickets have."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    MOST_FIELDS,
    CatalogItemRow,
    CategoryRow,
    CustomFieldRow,
    SettingSubject,
    TicketType,
)
from subgraphs.tickets.repository import catalog as stored
from subgraphs.tickets.repository.workflow import lock_settings
from subgraphs.tickets.service import definitions, setting_log, texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.definitions import Definition
from subgraphs.tickets.service.settings import check_service
from subgraphs.tickets.service.statuses import types_of

FIELDS: Final = ("input", "fields")


async def create_item(
    session: AsyncSession,
    act: Act,
    *,
    name: str,
    service_id: str | None,
    approval_required: bool,
    fields: Sequence[Definition],
) -> CatalogItemRow:
    """Offer something, with the form that asks for it.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND for the service, TAKEN with the item of
            this name, or a name or field that cannot be kept.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)
    row = CatalogItemRow(
        id=new_id("cti"),
        name=await free_name(session, name),
        service_id=await check_service(session, service_id),
        approval_required=approval_required,
    )
    session.add(row)
    await session.flush()
    form = put_form(session, act, row, [], fields)
    setting_log.note(
        session,
        act,
        SettingSubject.CATALOG_ITEM,
        row.name,
        before=None,
        after=said(row, form),
    )
    return row


async def update_item(
    session: AsyncSession,
    act: Act,
    item_id: str,
    given: Mapping[str, Any],
    fields: Sequence[Definition] | None,
) -> CatalogItemRow:
    """Change what is offered; ``fields`` are the whole form, in its order.

    A field that is left out of it is retired; answers that were given stay.

    Raises:
        RejectedError: as `create_item`, NOT_FOUND for the item, INVALID for a field
            of another kind than it was.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)
    row = await stored.item_by_id(session, item_id)
    if row is None:
        raise RejectedError(Code.NOT_FOUND, "There is no such item.", ("input", "id"))
    form = await stored.form_of(session, row.id)
    before, was = said(row, form), row.name
    if "name" in given:
        row.name = await free_name(session, given["name"], row.id)
    if "service_id" in given and given["service_id"] != row.service_id:
        row.service_id = await check_service(session, given["service_id"])
    if given.get("approval_required") is not None:
        row.approval_required = given["approval_required"]
    if given.get("retired") is not None:
        row.retired_at = (row.retired_at or act.noted_at) if given["retired"] else None
    if fields is not None:
        form = put_form(session, act, row, form, fields)
    setting_log.note(
        session,
        act,
        SettingSubject.CATALOG_ITEM,
        was,
        before=before,
        after=said(row, form),
    )
    return row


def put_form(
    session: AsyncSession,
    act: Act,
    item: CatalogItemRow,
    form: Sequence[CustomFieldRow],
    wanted: Sequence[Definition],
) -> list[CustomFieldRow]:
    """Have a form be as defined; give it with its retired fields last.

    Raises:
        RejectedError: as `definitions.checked`, or INVALID for a key given twice, or
            for another kind than it was.

    """
    if len(wanted) > MOST_FIELDS:
        raise RejectedError(Code.TOO_LONG, f"At most {MOST_FIELDS} fields.", FIELDS)
    known, found = {each.key: each for each in form}, dict[str, CustomFieldRow]()
    for number, each in enumerate(wanted):
        path = (*FIELDS, str(number))
        definition = definitions.checked(each, path)
        row = known.get(definition.key)
        if definition.key in found:
            raise RejectedError(Code.INVALID, "It is there already.", (*path, "key"))
        if row is None:
            row = definitions.made(
                definition,
                catalog_item_id=item.id,
                applies_to=[TicketType.SERVICE_REQUEST.value],
                category_ids=[],
            )
            session.add(row)
        elif row.kind is not definition.kind:
            raise RejectedError(
                Code.INVALID,
                f"It is of the kind {row.kind.value}, and stays so: take another key.",
                (*path, "kind"),
            )
        definitions.put(row, definition)
        row.position, row.retired_at = number, None
        found[row.key] = row
    left = [each for each in form if each.key not in found]
    for row in left:
        row.retired_at = row.retired_at or act.noted_at
    return [*found.values(), *left]


async def free_name(session: AsyncSession, name: str, mine: str | None = None) -> str:
    """Check an item's name.

    Raises:
        RejectedError: TAKEN with the item that has it, or one that cannot be kept.

    """
    name = texts.line(name, "name", LONGEST_NAME)
    taken = await stored.item_named(session, name)
    if taken is not None and taken.id != mine:
        raise RejectedError(
            Code.TAKEN, "This name is taken.", ("input", "name"), current=taken.id
        )
    return name


def said(row: CatalogItemRow, form: Sequence[CustomFieldRow]) -> dict[str, Any]:
    """Write an item as the log of settings has it."""
    return {
        "name": row.name,
        "serviceId": row.service_id,
        "approvalRequired": row.approval_required,
        "fields": [definitions.said(each) for each in form],
        "retired": row.retired_at is not None,
    }


async def create_field(
    session: AsyncSession,
    act: Act,
    wanted: Definition,
    *,
    applies_to: Sequence[TicketType] | None,
    category_ids: Sequence[str],
) -> CustomFieldRow:
    """Add a field to tickets of some types, in some categories or in all.

    Raises:
        RejectedError: FORBIDDEN, TAKEN for the key, NOT_FOUND for a category, or a
            definition that cannot be.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)
    definition = definitions.checked(wanted, ("input",))
    others = await stored.all_fields(session)
    for each in others:
        if each.key == definition.key:
            raise RejectedError(
                Code.TAKEN, "This key is taken.", ("input", "key"), current=each.id
            )
    if sum(each.retired_at is None for each in others) >= MOST_FIELDS:
        raise RejectedError(
            Code.TOO_LONG, f"Tickets have at most {MOST_FIELDS} fields.", ("input",)
        )
    row = definitions.made(
        definition,
        applies_to=types_of(applies_to),
        category_ids=await categories_of(session, category_ids),
        position=len(others),
    )
    session.add(row)
    setting_log.note(
        session,
        act,
        SettingSubject.CUSTOM_FIELD,
        row.key,
        before=None,
        after=definitions.said(row),
    )
    return row


async def update_field(
    session: AsyncSession, act: Act, field_id: str, given: Mapping[str, Any]
) -> CustomFieldRow:
    """Change a field of tickets; what tickets hold of it stays as it is.

    Raises:
        RejectedError: FORBIDDEN, NOT_FOUND, or a definition that cannot be.

    """
    setting_log.refuse_strangers(act)
    await lock_settings(session)
    row = await session.get(CustomFieldRow, field_id)
    if row is None or row.catalog_item_id is not None:
        raise RejectedError(Code.NOT_FOUND, "There is no such field.", ("input", "id"))
    before = definitions.said(row)
    wanted = Definition(
        key=row.key,
        kind=row.kind,
        label=given.get("label", row.label) or "",
        required=row.required
        if given.get("required") is None
        else bool(given["required"]),
        options=given.get("options", row.options),
        max_length=given.get("max_length", row.max_length),
        minimum=given.get("minimum", row.minimum),
        maximum=given.get("maximum", row.maximum),
    )
    definitions.put(row, definitions.checked(wanted, ("input",)))
    if given.get("applies_to") is not None:
        row.applies_to = types_of(given["applies_to"])
    if given.get("category_ids") is not None:
        row.category_ids = await categories_of(session, given["category_ids"])
    if given.get("retired") is not None:
        row.retired_at = (row.retired_at or act.noted_at) if given["retired"] else None
    setting_log.note(
        session,
        act,
        SettingSubject.CUSTOM_FIELD,
        row.key,
        before=before,
        after=definitions.said(row),
    )
    return row


async def categories_of(session: AsyncSession, given: Sequence[str]) -> list[str]:
    """Check that categories are there.

    Raises:
        RejectedError: NOT_FOUND, or TOO_LONG.

    """
    if len(given) > MOST_FIELDS:
        raise RejectedError(
            Code.TOO_LONG, f"At most {MOST_FIELDS} of them.", ("input", "categoryIds")
        )
    for number, key in enumerate(given):
        if await session.get(CategoryRow, key) is None:
            raise RejectedError(
                Code.NOT_FOUND,
                "There is no such category.",
                ("input", "categoryIds", str(number)),
            )
    return list(dict.fromkeys(given))
