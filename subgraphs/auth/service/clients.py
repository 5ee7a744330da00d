"""What a request says of who sends it, made fit to keep."""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.errors import RejectedError
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import LONGEST_EMAIL, LONGEST_USER_AGENT

ADDRESS_HEADER: Final = b"x-helpnest-client-address"
"""Set by the router, which strips a client's own; no other header is believed."""

AGENT_HEADERS: Final = (b"x-helpnest-client-agent", b"user-agent")
"""The client's own words, by way of the router, which has words of its own."""

_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f\ufffd]+@[^@\s\x00-\x1f\x7f\ufffd]+")


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from; None is not known."""

    address: str | None = None
    user_agent: str | None = None

    @classmethod
    def of(cls, headers: Mapping[bytes, bytes]) -> "Client":
        """Read the request's headers."""
        return cls(
            read_address(headers.get(ADDRESS_HEADER, b"").decode("latin-1")),
            clean(read_agent(headers), LONGEST_USER_AGENT),
        )


def read_agent(headers: Mapping[bytes, bytes]) -> str:
    """Read what a client calls itself.

    >>> read_agent({b"user-agent": b"router", b"x-helpnest-client-agent": b"curl"})
    'curl'
    """
    return next(
        (headers[name].decode("latin-1") for name in AGENT_HEADERS if name in headers),
        "",
    )


def read_address(text: str) -> str | None:
    """Read an IP address, or None.

    >>> read_address("::ffff:192.0.2.1"), read_address("proxy")
    ('192.0.2.1', None)
    """
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def clean(text: str | None, longest: int) -> str | None:
    r"""Drop what cannot be shown, and cut to a length; None where nothing is left.

    >>> clean("curl/8.0\x00\n", 100)
    'curl/8.0'
    """
    near = (text or "")[: 4 * longest]  # however much was sent, little is looked at
    kept = "".join(c for c in near if not _hidden(unicodedata.category(c)))
    return kept.strip()[:longest] or None


def _hidden(category: str) -> bool:
    return category[0] == "C" or category in {"Zl", "Zp"}


def fold_email(text: str) -> str:
    """Write an email the one way in which accounts are told apart.

    >>> fold_email(" Ada@Example.COM ")
    'ada@example.com'
    """
    short = text.strip()[: LONGEST_EMAIL + 1]
    folded = unicodedata.normalize("NFKC", short).casefold()
    return folded.replace("\x00", "\ufffd")  # PostgreSQL keeps no NUL


def checked_email(text: str) -> str:
    """Fold an email that is to be kept.

    Raises:
        RejectedError: INVALID, it is none.

    """
    folded = fold_email(text)
    if len(folded) > LONGEST_EMAIL or not _EMAIL.fullmatch(folded):
        raise RejectedError(AuthErrorCode.INVALID, f"{text!r} is not an email address.")
    return folded
