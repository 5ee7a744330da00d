"""What the rules about comments may say no with."""

from enum import Enum


class CommentErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
