"""What the rules about groups may say no with."""

from enum import Enum


class GroupErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    TAKEN = "TAKEN"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    STALE = "STALE"
    CYCLE = "CYCLE"
    ALREADY_MEMBER = "ALREADY_MEMBER"
    NOT_MEMBER = "NOT_MEMBER"
    UNAVAILABLE = "UNAVAILABLE"
