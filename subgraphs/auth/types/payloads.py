"""What comes of signing in, ending sessions and giving others access."""

from datetime import datetime
from enum import Enum
from typing import Final

import strawberry

from kit.types import UserError
from subgraphs.auth.types.entities import ServiceAccount, Session, User

ERRORS: Final = "Why it was not done; empty after success."


@strawberry.enum(description="What a rule about identity can object to.")
class AuthErrorCode(Enum):
    INVALID_CREDENTIALS = strawberry.enum_value(
        "INVALID_CREDENTIALS", description="The email or the password is wrong."
    )
    ACCOUNT_DISABLED = strawberry.enum_value(
        "ACCOUNT_DISABLED", description="The user is not active."
    )
    LOCKED_OUT = strawberry.enum_value(
        "LOCKED_OUT",
        description="Too many sign-ins failed; the message says how long to wait.",
    )
    TOKEN_EXPIRED = strawberry.enum_value(
        "TOKEN_EXPIRED",
        description="The refresh token is not good, or its session is over.",
    )
    SCOPE_NOT_GRANTABLE = strawberry.enum_value(
        "SCOPE_NOT_GRANTABLE",
        description="A scope is no permission, or not the caller's own.",
    )
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="There is none that the caller may see."
    )
    FORBIDDEN = strawberry.enum_value(
        "FORBIDDEN", description="That user may do more than the caller."
    )
    REQUIRED = strawberry.enum_value(
        "REQUIRED", description="Something that is needed is empty."
    )
    INVALID = strawberry.enum_value(
        "INVALID", description="A value cannot be taken; the message says why."
    )
    TAKEN = strawberry.enum_value(
        "TAKEN", description="Another one has this name or email."
    )


@strawberry.type(description="Why something about identity was not done.")
class AuthUserError(UserError):
    code: AuthErrorCode = strawberry.field(description="What kind of objection.")


@strawberry.type(description="What became of signing in.")
class SignInPayload:
    session: Session | None = strawberry.field(
        default=None, description="The session that began; null after an error."
    )
    access_token: str | None = strawberry.field(
        default=None,
        description="Send it as `Authorization: Bearer …`; null after an error.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None,
        description="Until when the access token is good; refresh before. Null after "
        "an error.",
    )
    refresh_token: str | None = strawberry.field(
        default=None,
        description="For `refreshSession`, once. Null when it was handed over in a "
        "cookie, and after an error.",
    )
    user: User | None = strawberry.field(
        default=None, description="Who signed in; null after an error."
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of refreshing a session.")
class RefreshSessionPayload:
    access_token: str | None = strawberry.field(
        default=None, description="The next access token; null after an error."
    )
    expires_at: datetime | None = strawberry.field(
        default=None,
        description="Until when the access token is good; null after an error.",
    )
    refresh_token: str | None = strawberry.field(
        default=None,
        description="The next refresh token. Null when it was handed over in a cookie, "
        "and after an error.",
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of signing out.")
class SignOutPayload:
    signed_out_session_id: strawberry.ID | None = strawberry.field(
        default=None, description="The session that is over; null after an error."
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of ending one session.")
class RevokeSessionPayload:
    revoked_id: strawberry.ID | None = strawberry.field(
        default=None, description="The session that is over; null after an error."
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of ending all sessions of a user.")
class RevokeSessionsPayload:
    revoked_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description="The sessions that are over; those that were so before are not "
        "among them.",
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of giving a user a password.")
class IssuePasswordPayload:
    user: User | None = strawberry.field(
        default=None, description="Whose it is; null after an error."
    )
    password: str | None = strawberry.field(
        default=None,
        description="Drawn at random and shown this once; null after an error.",
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of changing one's own password.")
class ChangePasswordPayload:
    user: User | None = strawberry.field(
        default=None, description="Oneself; null after an error."
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of making a service account.")
class CreateServiceAccountPayload:
    service_account: ServiceAccount | None = strawberry.field(
        default=None, description="What was made; null after an error."
    )
    client_secret: str | None = strawberry.field(
        default=None,
        description="With the id as `client_id` it gets tokens at `/auth/token`. Shown "
        "this once; null after an error.",
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )


@strawberry.type(description="What became of disabling a service account.")
class DisableServiceAccountPayload:
    service_account: ServiceAccount | None = strawberry.field(
        default=None, description="What was disabled; null after an error."
    )
    user_errors: list[AuthUserError] = strawberry.field(
        default_factory=list[AuthUserError], description=ERRORS
    )
