"""What the rules about comments may say no with."""

from enum import Enum


class CommentErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    STALE = "STALE"
    TICKET_CLOSED = "TICKET_CLOSED"
    MENTION_NOT_PERMITTED = "MENTION_NOT_PERMITTED"
    EDIT_WINDOW_PASSED = "EDIT_WINDOW_PASSED"
    UNAVAILABLE = "UNAVAILABLE"
