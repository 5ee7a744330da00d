"""What the rules of signing in may say no with."""

from enum import Enum


class AuthErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    ACCOUNT_DISABLED = "ACCOUNT_DISABLED"
    LOCKED_OUT = "LOCKED_OUT"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a code, not a secret
    SCOPE_NOT_GRANTABLE = "SCOPE_NOT_GRANTABLE"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TAKEN = "TAKEN"
