"""Auth's keys and revocations, brought to a verifier in the background.

Known keys keep working while auth is down: only a good answer replaces them.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx
import structlog

from kit.tokens import LONGEST_LIFETIME_SECONDS, TokenVerifier

log = structlog.get_logger(__name__)

KEYS_EVERY: Final = 30.0
"""Seconds between looks at the JWKS; new keys are published two looks ahead."""

REVOCATIONS_EVERY: Final = 2.0
"""Seconds between looks at the feed: a revocation holds everywhere within five."""

RETRY_FIRST: Final = 0.25
RETRY_LAST: Final = 2.0
"""Seconds before asking again after a look that failed, doubling between the two."""


@dataclass(slots=True)
class KeyPoller:
    """Ask for keys and revocations as long as the service runs."""

    verifier: TokenVerifier
    client: httpx.AsyncClient
    jwks_url: str
    revocations_url: str
    _seen: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Poll while the context is open; opening does not wait for an answer."""
        tasks = [
            asyncio.create_task(self._repeat(self.fetch_keys, KEYS_EVERY)),
            asyncio.create_task(
                self._repeat(self.fetch_revocations, REVOCATIONS_EVERY)
            ),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, look: Callable[[], Awaitable[None]], every: float) -> None:
        failures = 0
        while True:
            try:
                await look()
                wait, failures = every, 0
            except (httpx.HTTPError, ValueError) as error:
                log.debug("issuer.unreachable", error=str(error))
                wait = min(RETRY_FIRST * 2 ** min(failures, 9), RETRY_LAST, every)
                failures += 1
            except Exception:
                log.exception("issuer.unexpected")  # and go on: the keys must come
                wait = every
            await asyncio.sleep(wait)

    async def fetch_keys(self) -> None:
        """Replace the known keys by those published now.

        Raises:
            httpx.HTTPError: auth does not answer.
            ValueError: what it answers is not a JWKS.

        """
        answer = await self.client.get(self.jwks_url)
        self.verifier.keys.replace(answer.raise_for_status().json())

    async def fetch_revocations(self) -> None:
        """Add what was taken back since the last look.

        The feed is ``{"last": n, "revoked": [{"who": id, "notBefore": seconds}]}``.

        Raises:
            httpx.HTTPError: auth does not answer.
            ValueError: what it answers is not a feed.

        """
        answer = await self.client.get(
            self.revocations_url, params={"after": self._seen}
        )
        feed = answer.raise_for_status().json()
        try:
            last, entries = read_feed(feed)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("The revocation feed is malformed.") from error
        for who, not_before in entries:
            self.verifier.revocations.add(who, not_before)
        self._seen = last
        oldest = self.verifier.clock() - LONGEST_LIFETIME_SECONDS
        self.verifier.revocations.forget(before=int(oldest))


def read_feed(feed: object) -> tuple[int, list[tuple[str, int]]]:
    """Read the feed whole before any of it counts.

    >>> read_feed({"last": 7, "revoked": [{"who": "ses_1", "notBefore": 100}]})
    (7, [('ses_1', 100)])

    Raises:
        KeyError, TypeError, ValueError: it is malformed.

    """
    document = cast("dict[str, Any]", feed)
    return int(document["last"]), [
        (str(entry["who"]), int(entry["notBefore"])) for entry in document["revoked"]
    ]
