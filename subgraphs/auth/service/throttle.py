"""How often a sign-in may fail.

Every attempt is counted before its password is looked at, in one statement, so that
a thousand at once count as a thousand; one that succeeds is taken off again. Counts
are kept for emails without an account too: being locked out tells nothing.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.repository import accounts as stored
from subgraphs.auth.service.authority import Authority

WINDOW: Final = timedelta(minutes=15)
PER_ACCOUNT: Final = 10
PER_ADDRESS: Final = 100
"""Failures within a window; an office behind one address shares the second."""

IPV6_SITE_BITS: Final = 64
"""What one subscriber is given at the least; single addresses cost them nothing."""


def account_key(email: str) -> str:
    """Name an account's count."""
    return f"account:{hashlib.sha256(email.encode()).hexdigest()}"


def address_key(address: str | None) -> str | None:
    """Name an address's count; IPv6 is counted by site.

    >>> address_key("2001:db8::1") == address_key("2001:db8::2")
    True
    >>> address_key("192.0.2.1") == address_key("192.0.2.2")
    False
    """
    if address is None:
        return None
    found = ipaddress.ip_address(address)
    if found.version != 4:  # noqa: PLR2004 - there are two versions
        found = ipaddress.ip_network((found, IPV6_SITE_BITS), strict=False)
    return f"address:{hashlib.sha256(str(found).encode()).hexdigest()}"


async def count_attempt(authority: Authority, email: str, address: str | None) -> None:
    """Count one more attempt, and refuse it where there were too many.

    Raises:
        RejectedError: LOCKED_OUT, and how long it lasts.

    """
    account, site = account_key(email), address_key(address)
    now = authority.now()
    async with authority.database.unit_of_work() as session:
        counts = await stored.count_attempts(
            session, [account, site] if site else [account], now, now - WINDOW
        )
    over = [
        since + WINDOW
        for key, (count, since) in counts.items()
        if count > (PER_ACCOUNT if key == account else PER_ADDRESS)
    ]
    if over:
        raise RejectedError(AuthErrorCode.LOCKED_OUT, locked_out(max(over) - now))


async def forgive(session: AsyncSession, email: str, address: str | None) -> None:
    """Take a success off the counts."""
    await stored.forgive_attempts(session, account_key(email), address_key(address))


async def drop_old_counts(session: AsyncSession, now: datetime) -> None:
    """Delete the counts whose windows are over."""
    await stored.drop_attempts(session, now - WINDOW)


def locked_out(wait: timedelta) -> str:
    """Say how long to wait.

    >>> locked_out(timedelta(seconds=61))
    'Too many sign-ins failed. Try again in 2 minutes.'
    """
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    unit = "minute" if minutes == 1 else "minutes"
    return f"Too many sign-ins failed. Try again in {minutes} {unit}."
