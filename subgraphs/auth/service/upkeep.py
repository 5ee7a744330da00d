"""What auth does by itself: follow rights, share what was taken back, turn keys.

Who was deactivated or lost a role keeps no access: for as long as anybody's tokens
live, users is asked every two seconds whether what they carry still holds.
"""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from kit.errors import UnavailableError
from kit.rounds import Round, Rounds
from kit.tokens import LEEWAY_SECONDS, LONGEST_LIFETIME_SECONDS
from subgraphs.auth.models import EndReason
from subgraphs.auth.repository import keys
from subgraphs.auth.repository import sessions as stored
from subgraphs.auth.repository.accounts import ANY_ACCOUNT, drop_accounts
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.directory import (
    MOST_AT_ONCE,
    Standing,
    erased_since,
    standings_of,
)
from subgraphs.auth.service.keys import TOKEN_LIFETIME
from subgraphs.auth.service.sessions import end
from subgraphs.auth.service.throttle import drop_old_counts

log = structlog.get_logger(__name__)

FOLLOW_EVERY: Final = 2.0
KEYS_EVERY: Final = 30.0
PRUNE_EVERY: Final = 60.0
ERASED_EVERY: Final = 30.0
ERASED_OVERLAP: Final = timedelta(minutes=5)
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)

TOKENS_LIVE: Final = TOKEN_LIFETIME + timedelta(seconds=2 * LEEWAY_SECONDS)
FEED_KEPT: Final = timedelta(seconds=LONGEST_LIFETIME_SECONDS)
SESSIONS_KEPT: Final = timedelta(days=30)
"""After a session's end: so long a copied refresh token is recognised as one."""


@dataclass(slots=True)
class Upkeep:
    """The tasks that run while auth does."""

    authority: Authority
    _seen: int = 0
    _erased: datetime = BEGINNING

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Have a key to sign with, then keep everything up until the block ends."""
        await self.turn_keys()
        rounds = Rounds(
            Round("auth.hear_revocations", FOLLOW_EVERY, self.hear_revocations),
            Round("auth.follow_rights", FOLLOW_EVERY, self.follow_rights),
            Round("auth.turn_keys", KEYS_EVERY, self.turn_keys),
            Round("auth.prune", PRUNE_EVERY, self.prune),
            Round("auth.forget_erased", ERASED_EVERY, self.forget_erased),
        )
        try:
            async with rounds.running():
                yield
        finally:
            self.authority.passwords.close()

    async def turn_keys(self) -> None:
        """Make a key where it is time, and read what others of us made."""
        await self.authority.rotate()

    async def hear_revocations(self) -> None:
        """Tell our own verifier what other processes of auth took back."""
        feed = await read_feed(self.authority, self._seen)
        self.authority.taken_back({e["who"]: e["notBefore"] for e in feed["revoked"]})
        self._seen = feed["last"]
        oldest = self.authority.now() - FEED_KEPT
        self.authority.verifier.revocations.forget(int(oldest.timestamp()))

    async def follow_rights(self) -> None:
        """Take back the tokens of who may do other things than when they got them."""
        since = self.authority.now() - TOKENS_LIVE
        rows = await self.authority.database.rows(stored.SEEN_SINCE, since=since)
        carried: dict[str, list[Any]] = {}
        for row in rows:
            carried.setdefault(row["user_id"], []).append(row)
        everyone = list(carried)
        for start in range(0, len(everyone), MOST_AT_ONCE):
            some = everyone[start : start + MOST_AT_ONCE]
            try:
                standings = await standings_of(self.authority, some)
            except UnavailableError:
                log.warning("auth.rights_unknown", users=len(some))
                return  # the next look is soon
            for user_id in some:
                await self._compare(user_id, carried[user_id], standings.get(user_id))

    async def _compare(
        self, user_id: str, carried: Iterable[Any], standing: Standing | None
    ) -> None:
        if standing is None or not standing.active:
            ended = await end(self.authority, EndReason.DISABLED, user_id=user_id)
            log.info("auth.user_inactive", user=user_id, sessions=len(ended))
            return
        rights = (set(standing.scopes), set(standing.roles))
        if all((set(row["scopes"]), set(row["roles"])) == rights for row in carried):
            return
        log.info("auth.rights_changed", user=user_id)
        await take_back_tokens(self.authority, user_id, standing)

    async def forget_erased(self) -> None:
        """Delete the accounts of people who were erased: address, password, sessions.

        The first look goes back to the beginning, each later one to a little before
        the last.
        """
        if await self.authority.database.row(ANY_ACCOUNT) is None:
            return
        begun, after = self.authority.now(), None
        while True:
            ids, after = await erased_since(self.authority, self._erased, after)
            if ids:
                await self._forget(ids)
            if after is None:
                break
        self._erased = begun - ERASED_OVERLAP

    async def _forget(self, user_ids: Sequence[str]) -> None:
        for user_id in user_ids:
            await end(self.authority, EndReason.DISABLED, user_id=user_id)
        async with self.authority.database.unit_of_work() as session:
            gone = await drop_accounts(session, user_ids)
        if gone:
            log.info("auth.accounts_erased", users=gone)

    async def prune(self) -> None:
        """Delete what can no longer matter to anybody."""
        now = self.authority.now()
        async with self.authority.database.unit_of_work() as session:
            await drop_old_counts(session, now)
            await keys.drop_revocations(session, now - FEED_KEPT)
            await stored.drop_sessions(session, now - SESSIONS_KEPT)


async def take_back_tokens(
    authority: Authority, user_id: str, standing: Standing
) -> None:
    """Have a user's sessions refreshed: their tokens are refused, the sessions stay.

    The second is later than any that a token of theirs is dated, those included
    that had to be dated after an earlier one.
    """
    async with authority.database.unit_of_work() as session:
        await stored.note_rights(session, user_id, standing.scopes, standing.roles)
        now = authority.now()
        before = await keys.not_before_of(session, user_id)
        revoked = {user_id: max(int(now.timestamp()), before) + 1}
        await keys.publish_revocations(session, revoked, now)
    authority.taken_back(revoked)


async def read_feed(authority: Authority, after: int) -> dict[str, Any]:
    """Read what was taken back after a number, as `kit.keys` expects it.

    Whoever asks after a number that was never given follows another database than
    this one, and is told everything.
    """
    newest = await authority.database.rows(keys.LAST_REVOCATION)
    if after > newest[0][0]:
        after = 0
    rows = await authority.database.rows(keys.REVOCATIONS_AFTER, after=after)
    return {
        "last": rows[-1]["number"] if rows else after,
        "revoked": [
            {"who": row["who"], "notBefore": row["not_before"]} for row in rows
        ],
    }
