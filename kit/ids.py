"""Opaque global ids: a kind, and 128 bits that sort by the instant they were made.

``usr_01jd8x7m2pfa9s0v3k6t4wz1qe`` is a TypeID: the prefix names the kind, the 26
characters are a UUID of version 7 in Crockford's base 32. Databases keep ids as
this very text (collation "C"), so a read converts nothing, and an id of another
domain is stored as it came.

Source: RFC 9562 section 5.7 (UUIDv7); the TypeID specification, version 0.3.
"""

import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_PREFIX = re.compile(r"[a-z]{2,8}")
_FORM = re.compile(r"([a-z]{2,8})_([0-7][0-9abcdefghjkmnpqrstvwxyz]{25})")


def new_id(prefix: str) -> str:
    """Make an id nobody else will make, sorted by the millisecond it was made in.

    >>> new_id("usr")[:4], len(new_id("usr"))
    ('usr_', 30)

    Raises:
        ValueError: no id begins like that.

    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} is no prefix: 2 to 8 small letters.")
    bits = time.time_ns() // 1_000_000 << 80 | 7 << 76 | secrets.randbits(76)
    bits = bits & ~(0b11 << 62) | 0b10 << 62
    return f"{prefix}_" + "".join(
        _PAIRS[bits >> shift & 1023] for shift in range(120, -1, -10)
    )


def kind_of(text: str) -> str | None:
    """Read the prefix of an id, or None when the text is not an id at all.

    >>> kind_of("usr_01jd8x7m2pfa9s0v3k6t4wz1qe")
    'usr'
    >>> kind_of("usr_1") is None
    True
    """
    found = _FORM.fullmatch(text)
    return found.group(1) if found else None


def is_id(text: str, prefix: str) -> bool:
    """Say whether the text is an id of that kind.

    >>> is_id("usr_01jd8x7m2pfa9s0v3k6t4wz1qe", "tkt")
    False
    """
    return kind_of(text) == prefix
