"""What the rules about people may say no with."""

from enum import Enum


class UsersErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    TAKEN = "TAKEN"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    STALE = "STALE"
    CYCLE = "CYCLE"
    LAST_ADMIN = "LAST_ADMIN"
