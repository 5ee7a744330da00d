"""For how long an answer may be kept: what the strictest of its parts allows.

Source: RFC 9111, "Cache-Control".
"""

from collections.abc import Sequence
from functools import lru_cache

from router.executor.transport.interface import Headers

NAME = b"cache-control"
NO_STORE = (NAME, b"no-store")
ALONE = {b"no-store", b"no-cache"}
"""Either means that we cannot let it be kept: nothing here revalidates."""

MOST_DIGITS = 10
LONGEST = 1 << 31
"""Seconds; what RFC 9111 has for a number that is too large."""


def policy_in(headers: Headers) -> bytes:
    """Read what an answer says of itself, however many lines it takes."""
    found = b""
    for name, value in headers:
        if name == NAME:
            found = found + b"," + value if found else value
    return found


@lru_cache(maxsize=1024)
def strictest(policies: tuple[bytes, ...], *, private: bool) -> bytes:
    """Merge what the parts of an answer say; a silent part keeps all from being kept.

    ``private`` is an answer to somebody who is known: it is nobody else's.

    >>> strictest((b"max-age=60, public", b"public, max-age=30"), private=False)
    b'max-age=30, public'
    >>> strictest((b"max-age=60, public", b"max-age=30"), private=False)
    b'max-age=30, private'
    >>> strictest((b"max-age=60", b""), private=False), strictest((), private=False)
    (b'no-store', b'no-store')
    """
    ages: list[int] = []
    shared: list[int] = []
    public, again = not private, False
    for policy in policies:
        said = directives(policy)
        age = seconds(said.get(b"max-age"))
        if age is None or said.keys() & ALONE:
            return b"no-store"
        ages.append(age)
        shared.append(seconds(said.get(b"s-maxage"), age) or 0)
        public = public and b"public" in said and b"private" not in said
        again = again or b"must-revalidate" in said
    if not ages or min(ages) == 0:
        return b"no-store"
    words = [b"max-age=%d" % min(ages)]
    if public and min(shared) != min(ages):
        words.append(b"s-maxage=%d" % min(shared))
    words.append(b"public" if public else b"private")
    if again:
        words.append(b"must-revalidate")
    return b", ".join(words)


def directives(policy: bytes) -> dict[bytes, bytes]:
    """Read a header's directives; of one that is given twice, the last.

    >>> directives(b'Max-Age="60", PRIVATE')
    {b'max-age': b'60', b'private': b''}
    """
    found: dict[bytes, bytes] = {}
    for part in policy.lower().split(b","):
        name, _, value = part.strip().partition(b"=")
        if name:
            found[name.strip()] = value.strip().strip(b'"')
    return found


def seconds(value: bytes | None, otherwise: int | None = None) -> int | None:
    """Read a number of seconds; what is none counts as nothing at all.

    >>> seconds(b"60"), seconds(b"-1"), seconds(None, 5)
    (60, 0, 5)
    """
    if value is None:
        return otherwise
    if not value.isdigit():
        return 0
    return int(value) if len(value) < MOST_DIGITS else LONGEST


def said_of(replies: Sequence[Headers], *, private: bool) -> tuple[bytes, bytes]:
    """Write the header of an answer that was made of these."""
    policies: list[bytes] = []
    for headers in replies:
        policy = policy_in(headers)
        if not policy:
            return NO_STORE  # who is silent keeps all from being kept
        policies.append(policy)
    return NAME, strictest(tuple(policies), private=private)
