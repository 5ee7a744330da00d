"""Every change of a setting is noted: what it was, what it is, who and when."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.tickets import policy
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import SettingChangeRow, SettingSubject
from subgraphs.tickets.service.act import Act


def note(
    session: AsyncSession,
    act: Act,
    subject: SettingSubject,
    key: str,
    *,
    before: Any,
    after: Any,
) -> None:
    """Note a change, if it is one; before its making there was nothing."""
    if before == after:
        return
    change = SettingChangeRow(
        at=act.noted_at,
        actor_id=act.actor_id,
        subject=subject,
        key=key,
        before=before,
        after=after,
        request_id=act.request_id,
    )
    session.add(change)


def refuse_strangers(act: Act) -> None:
    """Refuse who may not set up workflow, priorities and fields.

    Raises:
        RejectedError: FORBIDDEN.

    """
    if not policy.can_manage(act.caller):
        raise RejectedError(Code.FORBIDDEN, "You may not change these settings.")
