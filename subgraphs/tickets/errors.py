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
    CYCLE = "CYCLE"
    UNAVAILABLE = "UNAVAILABLE"
    IN_USE = "IN_USE"
