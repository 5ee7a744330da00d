"""Passwords: hashed in a bounded pool of threads, and what a new one must be.

One hash takes 46 MiB and about 66 ms of a core, by design. A few threads keep it
off the event loop and bound the memory; past a queue of fixed length people are
asked to come back, rather than made to wait for minutes.
"""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kit.errors import RateLimitedError, RejectedError
from subgraphs.auth.errors import AuthErrorCode

Result = TypeVar("Result")

# OWASP's password storage cheat sheet, its first choice for argon2id.
MEMORY_KIB: Final = 46 * 1024
PASSES: Final = 1
LANES: Final = 1

SHORTEST: Final = 12
LONGEST: Final = 256
"""Characters of a password; NIST SP 800-63B asks for 8 at least and 64 to be taken."""

WORKERS: Final = 2
WAITING: Final = 64
"""Hashes under way or waiting before people are turned away: about two seconds."""

RANDOM_BYTES: Final = 15
"""A drawn password: 20 characters, 120 bits."""


def _encoded(salt: bytes, digest: bytes) -> str:
    fields = (f"m={MEMORY_KIB},t={PASSES},p={LANES}", *map(_base64, (salt, digest)))
    return "$argon2id$v=19$" + "$".join(fields)


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")


NOBODY: Final = _encoded(bytes(16), bytes(32))
"""A hash that no password has: verifying against it takes as long as any other."""


class Passwords:
    """Hash and verify, a few at a time."""

    def __init__(self, workers: int = WORKERS, waiting: int = WAITING) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES
        )
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="argon2")
        self._waiting = waiting
        self._under_way = 0

    async def hash(self, password: str) -> str:
        """Hash a password with a new salt.

        Raises:
            RateLimitedError: too many hashes are waiting already.

        """
        return await self._run(lambda: self._hasher.hash(normal(password)))

    async def verify(self, known: str | None, password: str) -> bool:
        """Say whether a password has this hash; None has none, and takes as long.

        Raises:
            RateLimitedError: too many hashes are waiting already.

        """
        # What is too long was never set; cut short, it costs no more than others.
        given = normal(password[: LONGEST + 1])

        def compare() -> bool:
            try:
                return self._hasher.verify(known or NOBODY, given)
            except (VerificationError, InvalidHashError):
                return False

        return await self._run(compare) and known is not None

    def outdated(self, known: str) -> bool:
        """Say whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(known)

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._under_way >= self._waiting:
            raise RateLimitedError(
                "Too many people are signing in at this moment.", retry_after=2
            )
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Let the threads go; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def normal(password: str) -> bytes:
    r"""Write a password as it is hashed, however the keyboard composed its accents.

    >>> normal("e\u0301") == normal("\u00e9")
    True
    """
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def random_password() -> str:
    """Draw a password."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def refuse_weak(password: str, email: str, path: list[str]) -> None:
    """Refuse a password that is too short, too long, or easily guessed.

    Length counts, the kinds of characters do not (NIST SP 800-63B, 3.1.1.2).

    Raises:
        RejectedError: INVALID, with what is wrong.

    """
    problem = None
    if not SHORTEST <= len(password) <= LONGEST:
        problem = f"A password has {SHORTEST} to {LONGEST} characters."
    elif len(set(password.casefold())) < SHORTEST // 2:
        problem = "This password repeats the same few characters."
    elif password.casefold() in {email, email.partition("@")[0]}:
        problem = "A password must not be the email address."
    if problem:
        raise RejectedError(AuthErrorCode.INVALID, problem, path)
