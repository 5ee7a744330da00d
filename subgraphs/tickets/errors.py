"""What the rules about tickets may say no with."""

from enum import Enum


class TicketErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    TAKEN = "TAKEN"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    STALE = "STALE"
    INVALID_TRANSITION = "INVALID_TRANSITION"
    ALREADY_MERGED = "ALREADY_MERGED"
    OPEN_CHILDREN = "OPEN_CHILDREN"
    TRANSITION_BLOCKED = "TRANSITION_BLOCKED"
    APPROVAL_PENDING = "APPROVAL_PENDING"
    REOPEN_WINDOW_OVER = "REOPEN_WINDOW_OVER"
    DEAD_END = "DEAD_END"
    CYCLE = "CYCLE"
    UNAVAILABLE = "UNAVAILABLE"
    IN_USE = "IN_USE"
