"""Errors a person can act on.

* HelpNestError
  + UnauthenticatedError   UNAUTHENTICATED
  + ForbiddenError         FORBIDDEN
  + InvalidInputError      BAD_USER_INPUT
  + LostPlaceError         CURSOR_LOST
  + RateLimitedError       RATE_LIMITED
  + UnavailableError       SUBGRAPH_UNAVAILABLE
  + RejectedError          no code of its own: a domain's rule said no

Their messages are written for the client. Any other exception is ours: it is
logged in full, and the client is told only ``INTERNAL``.

A `RejectedError` never reaches the top-level ``errors``: a mutation answers it
as data, in ``userErrors``, with the code of its domain.
"""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar


class HelpNestError(Exception):
    """Carry a ``code`` that clients may branch on."""

    code: ClassVar[str]

    @property
    def extensions(self) -> dict[str, object]:
        """What graphql-core copies into the GraphQL error."""
        return {"code": self.code}


class UnauthenticatedError(HelpNestError):
    """Nobody is signed in, or the token proves nothing."""

    code = "UNAUTHENTICATED"


class ForbiddenError(HelpNestError):
    """The caller is known and may not ask for this at all."""

    code = "FORBIDDEN"


class InvalidInputError(HelpNestError):
    """The request can never succeed as it was written."""

    code = "BAD_USER_INPUT"


class LostPlaceError(HelpNestError):
    """A feed no longer has the event after which to read on: it went back in time."""

    code = "CURSOR_LOST"


class RateLimitedError(HelpNestError):
    """Too much, too fast; the same request may succeed later."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    @property
    def extensions(self) -> dict[str, object]:
        """Add how many seconds to wait."""
        return {"code": self.code, "retryAfter": round(self.retry_after, 1)}


class UnavailableError(HelpNestError):
    """A part of the platform that this needs does not answer; nothing was done."""

    code = "SUBGRAPH_UNAVAILABLE"


class RejectedError(Exception):
    """A rule of the domain said no, and the caller can do something about it.

    ``code`` is a member of the domain's ``…ErrorCode``; ``path`` names the input
    field at fault (``("input", "groupId")``), or is None when the whole input is.
    ``current`` is the object as it now stands, where that helps the caller (a write
    that came with an old ``expectedVersion``).
    """

    def __init__(
        self,
        code: Enum,
        message: str,
        path: Sequence[str] | None = None,
        *,
        current: object = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = None if path is None else list(path)
        self.current = current
