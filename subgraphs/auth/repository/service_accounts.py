"""How service accounts are found and changed."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ARRAY, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import IdText, Query
from subgraphs.auth.models import ServiceAccountRow

_VISIBLE: Final = (
    ServiceAccountRow.id,
    ServiceAccountRow.name,
    ServiceAccountRow.scopes,
    ServiceAccountRow.owner_id,
    ServiceAccountRow.created_at,
    ServiceAccountRow.disabled_at,
)

SERVICE_ACCOUNTS: Final = Query(
    select(*_VISIBLE).order_by(ServiceAccountRow.name, ServiceAccountRow.id)
)
SERVICE_ACCOUNTS_BY_ID: Final = Query(
    select(*_VISIBLE).where(
        ServiceAccountRow.id == any_(bindparam("ids", type_=ARRAY(IdText)))
    )
)
CREDENTIALS_BY_ID: Final = Query(
    select(
        ServiceAccountRow.id,
        ServiceAccountRow.secret_digest,
        ServiceAccountRow.scopes,
        ServiceAccountRow.disabled_at,
    ).where(ServiceAccountRow.id == bindparam("id", type_=IdText))
)


async def add_service_account(
    session: AsyncSession, account: Mapping[str, object]
) -> bool:
    """Add a service account; False where its name is taken."""
    added = await session.scalar(
        insert(ServiceAccountRow)
        .values(account)
        .on_conflict_do_nothing(index_elements=[ServiceAccountRow.name])
        .returning(ServiceAccountRow.id)
    )
    return added is not None


async def lock_service_account(
    session: AsyncSession, account_id: str
) -> ServiceAccountRow | None:
    """Read a service account that nobody else may change meanwhile."""
    return await session.get(ServiceAccountRow, account_id, with_for_update=True)
