"""What callers give to sign in, to end sessions and to give others access."""

from enum import Enum

import strawberry


@strawberry.enum(description="Where a refresh token is handed over.")
class RefreshTokenDelivery(Enum):
    COOKIE = strawberry.enum_value(
        "COOKIE",
        description="In a cookie that scripts cannot read: for browsers.",
    )
    BODY = strawberry.enum_value(
        "BODY", description="In `refreshToken` of the answer: for other programs."
    )


@strawberry.input(description="Proof of who one is.")
class SignInInput:
    email: str = strawberry.field(description="The account's email, in any case.")
    password: str = strawberry.field(description="The account's password.")
    device_name: str | None = strawberry.field(
        default=None,
        description="What to call this device among one's sessions; cut to 100 "
        "characters. Null for no name.",
    )
    deliver: RefreshTokenDelivery = strawberry.field(
        default=RefreshTokenDelivery.COOKIE,
        description="Where to hand over the refresh token.",
    )


@strawberry.input(description="The refresh token to exchange.")
class RefreshSessionInput:
    refresh_token: str | None = strawberry.field(
        default=None,
        description="As it was handed over in `refreshToken`; the next one comes the "
        "same way. Null: the browser's cookie, and the next one is a cookie again.",
    )


@strawberry.input(description="Which session to end.")
class RevokeSessionInput:
    id: strawberry.ID = strawberry.field(description="The session.")


@strawberry.input(description="Whose sessions to end.")
class RevokeSessionsInput:
    user_id: strawberry.ID = strawberry.field(description="The user.")


@strawberry.input(description="Whom to give a password.")
class IssuePasswordInput:
    user_id: strawberry.ID = strawberry.field(description="The user.")


@strawberry.input(description="A new password for oneself.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password until now.")
    new_password: str = strawberry.field(
        description="12 to 256 characters; their kinds do not matter."
    )


@strawberry.input(description="A program that is to act in its own name.")
class CreateServiceAccountInput:
    name: str = strawberry.field(
        description="1 to 100 characters; no two service accounts have one name."
    )
    scopes: list[str] = strawberry.field(
        description="What it may do, e.g. `tickets:read`; nothing that you may not."
    )


@strawberry.input(description="Which service account to disable.")
class DisableServiceAccountInput:
    id: strawberry.ID = strawberry.field(description="The service account.")
