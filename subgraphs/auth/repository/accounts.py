"""How accounts are found, and failed sign-ins counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Text as TextType
from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import IdText, Query
from subgraphs.auth.models import AccountRow, AttemptsRow

ACCOUNT_BY_EMAIL: Final = Query(
    select(AccountRow.user_id, AccountRow.email, AccountRow.password_hash).where(
        AccountRow.email == bindparam("email", type_=TextType())
    )
)
ACCOUNT_BY_USER: Final = Query(
    select(AccountRow.user_id, AccountRow.email, AccountRow.password_hash).where(
        AccountRow.user_id == bindparam("user_id", type_=IdText)
    )
)

ANY_ACCOUNT: Final = Query(select(AccountRow.user_id).limit(1))


async def put_account(
    session: AsyncSession, user_id: str, email: str, password_hash: str, now: datetime
) -> bool:
    """Create a user's account, or give the one they have this email and password.

    Returns False, with nothing written, where the email is another account's.
    """
    taken = await session.scalar(
        select(AccountRow.user_id).where(
            AccountRow.email == email, AccountRow.user_id != user_id
        )
    )
    if taken is not None:
        return False
    new = {"email": email, "password_hash": password_hash, "password_set_at": now}
    await session.execute(
        insert(AccountRow)
        .values(user_id=user_id, created_at=now, **new)
        .on_conflict_do_update(index_elements=[AccountRow.user_id], set_=new)
    )
    return True


async def lock_password(session: AsyncSession, user_id: str) -> str | None:
    """Read a password's hash, which nobody may change before this unit ends."""
    return await session.scalar(
        select(AccountRow.password_hash)
        .where(AccountRow.user_id == user_id)
        .with_for_update(read=True)
    )


async def set_password(
    session: AsyncSession, user_id: str, old_hash: str, new_hash: str, now: datetime
) -> bool:
    """Replace a password, unless it was replaced since ``old_hash`` was read."""
    done = await session.scalar(
        update(AccountRow)
        .where(AccountRow.user_id == user_id, AccountRow.password_hash == old_hash)
        .values(password_hash=new_hash, password_set_at=now)
        .returning(AccountRow.user_id)
    )
    return done is not None


async def count_attempts(
    session: AsyncSession, keys: Sequence[str], now: datetime, since: datetime
) -> dict[str, tuple[int, datetime]]:
    """Count one more attempt under each key, in one statement.

    A count whose window began at or before ``since`` begins anew. Returns the counts
    with this attempt, and when their windows began.
    """
    row = insert(AttemptsRow).values(
        [{"key": key, "since": now, "count": 1} for key in sorted(keys)]
    )
    over = AttemptsRow.since <= since
    counted = row.on_conflict_do_update(
        index_elements=[AttemptsRow.key],
        set_={
            "count": case((over, 1), else_=AttemptsRow.count + 1),
            "since": case((over, row.excluded.since), else_=AttemptsRow.since),
        },
    ).returning(AttemptsRow.key, AttemptsRow.count, AttemptsRow.since)
    return {key: (n, began) for key, n, began in await session.execute(counted)}


async def forgive_attempts(
    session: AsyncSession, account: str, address: str | None
) -> None:
    """Forget an account's failures; take this one attempt off the address's count."""
    await session.execute(delete(AttemptsRow).where(AttemptsRow.key == account))
    if address is not None:
        await session.execute(
            update(AttemptsRow)
            .where(AttemptsRow.key == address)
            .values(count=func.greatest(AttemptsRow.count - 1, 0))
        )


async def drop_attempts(session: AsyncSession, since: datetime) -> None:
    """Delete the counts whose windows are over."""
    await session.execute(delete(AttemptsRow).where(AttemptsRow.since <= since))


async def drop_accounts(session: AsyncSession, user_ids: Sequence[str]) -> list[str]:
    """Delete accounts, with their sessions; give the ids of those that were there."""
    gone = delete(AccountRow).where(AccountRow.user_id.in_(user_ids))
    return list(await session.scalars(gone.returning(AccountRow.user_id)))
