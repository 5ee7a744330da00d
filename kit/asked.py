"""What a request says in its head: who asks, and what may be read of it."""

import os
import re
from dataclasses import dataclass
from typing import Final

from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError
from kit.proof import RESERVED
from kit.streams.service import Headers

_PLAIN_ID: Final = re.compile(rb"[\w.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a head says: where, by whom, and what resolvers may read of it.

    ``streams`` is whether whoever asks can be sent more than one answer.
    """

    path: str
    headers: Headers
    readable: Headers
    token: bytes
    bearer: str | None
    streams: bool


def unreserved(headers: Headers) -> Headers:
    """Leave out what only the router may say, where nobody proves to be the router.

    >>> unreserved({b"x-helpnest-user": b"root", b"accept": b"*"})
    {b'accept': b'*'}
    """
    return {
        name: value for name, value in headers.items() if not name.startswith(RESERVED)
    }


def name_request(given: bytes | None) -> str:
    """Take the caller's name for a request if it is a plain one, or make one.

    >>> name_request(b"a-1"), len(name_request(b"a b")), len(name_request(None))
    ('a-1', 24, 24)
    """
    if given is not None and _PLAIN_ID.fullmatch(given):
        return given.decode("ascii")
    return os.urandom(12).hex()


def authorization(headers: Headers, all_headers: list[tuple[bytes, bytes]]) -> bytes:
    """Find the Authorization header, empty if there is none.

    Raises:
        RefusedRequestError: 400, there are two.
        UnauthenticatedError: there is one, and it is empty.

    """
    found = headers.get(b"authorization", b"")
    if not found and b"authorization" in headers:
        raise UnauthenticatedError("The Authorization header is empty")
    if found and len(headers) != len(all_headers):
        count = sum(name == b"authorization" for name, _ in all_headers)
        if count > 1:
            raise RefusedRequestError(400, "There are two Authorization headers.")
    return found
