"""Where a caller signs in and out, and gives others access."""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

import strawberry

from kit.errors import RejectedError
from subgraphs.auth import policy
from subgraphs.auth.context import Info
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.service import accounts, service_accounts, sessions
from subgraphs.auth.service.grants import Grant
from subgraphs.auth.service.refresh import refresh_session
from subgraphs.auth.service.sign_in import sign_in
from subgraphs.auth.types.entities import ServiceAccount, Session, User
from subgraphs.auth.types.inputs import (
    ChangePasswordInput,
    CreateServiceAccountInput,
    DisableServiceAccountInput,
    IssuePasswordInput,
    RefreshSessionInput,
    RefreshTokenDelivery,
    RevokeSessionInput,
    RevokeSessionsInput,
    SignInInput,
)
from subgraphs.auth.types.payloads import (
    AuthUserError,
    ChangePasswordPayload,
    CreateServiceAccountPayload,
    DisableServiceAccountPayload,
    IssuePasswordPayload,
    RefreshSessionPayload,
    RevokeSessionPayload,
    RevokeSessionsPayload,
    SignInPayload,
    SignOutPayload,
)

Result = TypeVar("Result")


@strawberry.type(description="What can be changed.")
class Mutation:
    @strawberry.mutation(
        description="Prove who one is and begin a session. One a request: a second one "
        "in the same request is refused. After 10 failures within 15 minutes, or 100 "
        "from one address, it is LOCKED_OUT for the rest of them. Public."
    )
    async def sign_in(
        self,
        info: Info,
        input: Annotated[SignInInput, strawberry.argument(description="The proof.")],
    ) -> SignInPayload:
        context = info.context
        context.keep_private()
        context.sign_ins += 1
        if context.sign_ins > 1:
            return SignInPayload(user_errors=[AuthUserError.of(once_a_request())])
        done = await attempt(
            sign_in(
                context.authority,
                input.email,
                input.password,
                context.client,
                input.device_name,
            )
        )
        if isinstance(done, RejectedError):
            return SignInPayload(user_errors=[AuthUserError.of(done)])
        in_cookie = input.deliver is RefreshTokenDelivery.COOKIE
        row = await context.loaders.session_by_id.load(done.session_id)
        return SignInPayload(
            session=Session.from_row(row) if row else None,
            access_token=done.access.text,
            expires_at=done.access.expires_at,
            refresh_token=hand_over(info, done, in_cookie=in_cookie),
            user=User(id=strawberry.ID(done.user_id)),
        )

    @strawberry.mutation(
        description="Exchange a refresh token for the next one and an access token "
        "with today's rights. A token that was used before ends its session. Send no "
        "Authorization header. Public."
    )
    async def refresh_session(
        self,
        info: Info,
        input: Annotated[
            RefreshSessionInput, strawberry.argument(description="The token.")
        ],
    ) -> RefreshSessionPayload:
        context = info.context
        context.keep_private()
        in_cookie = input.refresh_token is None
        token = context.refresh_cookie if in_cookie else input.refresh_token
        done = await attempt(refresh_session(context.authority, token, context.client))
        if isinstance(done, RejectedError):
            if in_cookie:
                context.drop_refresh_token()
            return RefreshSessionPayload(user_errors=[AuthUserError.of(done)])
        return RefreshSessionPayload(
            access_token=done.access.text,
            expires_at=done.access.expires_at,
            refresh_token=hand_over(info, done, in_cookie=in_cookie),
        )

    @strawberry.federation.mutation(
        authenticated=True,
        description="End this session: its tokens are refused everywhere within five "
        "seconds.",
    )
    async def sign_out(self, info: Info) -> SignOutPayload:
        context = info.context
        session_id = await sessions.sign_out(context.authority, context.identity)
        context.drop_refresh_token()
        return SignOutPayload(signed_out_session_id=strawberry.ID(session_id))

    @strawberry.federation.mutation(
        authenticated=True,
        description="End a session of one's own, or of anybody. Requires: self or "
        "sessions:manage.",
    )
    async def revoke_session(
        self,
        info: Info,
        input: Annotated[RevokeSessionInput, strawberry.argument(description="Which.")],
    ) -> RevokeSessionPayload:
        context = info.context
        done = await attempt(
            sessions.revoke_session(context.authority, context.identity, input.id)
        )
        if isinstance(done, RejectedError):
            return RevokeSessionPayload(user_errors=[AuthUserError.of(done)])
        return RevokeSessionPayload(revoked_id=strawberry.ID(done))

    @strawberry.federation.mutation(
        authenticated=True,
        description="End all sessions of a user. Requires: self or sessions:manage.",
    )
    async def revoke_sessions(
        self,
        info: Info,
        input: Annotated[
            RevokeSessionsInput, strawberry.argument(description="Whose.")
        ],
    ) -> RevokeSessionsPayload:
        context = info.context
        done = await attempt(
            sessions.revoke_sessions(context.authority, context.identity, input.user_id)
        )
        if isinstance(done, RejectedError):
            return RevokeSessionsPayload(user_errors=[AuthUserError.of(done)])
        return RevokeSessionsPayload(revoked_ids=[strawberry.ID(each) for each in done])

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_USERS]],
        description="Set up a user's account with a drawn password, or replace the "
        "password they have and end their sessions. Requires: users:manage, and every "
        "permission that the user has.",
    )
    async def issue_password(
        self,
        info: Info,
        input: Annotated[IssuePasswordInput, strawberry.argument(description="Whom.")],
    ) -> IssuePasswordPayload:
        context = info.context
        context.keep_private()
        done = await attempt(
            accounts.issue_password(context.authority, context.identity, input.user_id)
        )
        if isinstance(done, RejectedError):
            return IssuePasswordPayload(user_errors=[AuthUserError.of(done)])
        return IssuePasswordPayload(user=User(id=input.user_id), password=done)

    @strawberry.federation.mutation(
        authenticated=True,
        description="Change one's own password; one's other sessions end. Requires: a "
        "session.",
    )
    async def change_password(
        self,
        info: Info,
        input: Annotated[
            ChangePasswordInput, strawberry.argument(description="Old and new.")
        ],
    ) -> ChangePasswordPayload:
        context = info.context
        context.sign_ins += 1
        if context.sign_ins > 1:
            again = AuthUserError.of(once_a_request())
            return ChangePasswordPayload(user_errors=[again])
        done = await attempt(
            accounts.change_password(
                context.authority,
                context.identity,
                input.current_password,
                input.new_password,
            )
        )
        if isinstance(done, RejectedError):
            return ChangePasswordPayload(user_errors=[AuthUserError.of(done)])
        return ChangePasswordPayload(user=User(id=strawberry.ID(done)))

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_SERVICE_ACCOUNTS]],
        description="Make a service account, with no scope that you do not have. "
        "Requires: service_accounts:manage.",
    )
    async def create_service_account(
        self,
        info: Info,
        input: Annotated[
            CreateServiceAccountInput, strawberry.argument(description="Which.")
        ],
    ) -> CreateServiceAccountPayload:
        context = info.context
        context.keep_private()
        done = await attempt(
            service_accounts.create_service_account(
                context.authority, context.identity, input.name, input.scopes
            )
        )
        if isinstance(done, RejectedError):
            return CreateServiceAccountPayload(user_errors=[AuthUserError.of(done)])
        account_id, secret = done
        made = await ServiceAccount.by_id(info, account_id)
        return CreateServiceAccountPayload(service_account=made, client_secret=secret)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_SERVICE_ACCOUNTS]],
        description="Disable a service account for good; its tokens are refused "
        "everywhere within five seconds. Requires: service_accounts:manage.",
    )
    async def disable_service_account(
        self,
        info: Info,
        input: Annotated[
            DisableServiceAccountInput, strawberry.argument(description="Which.")
        ],
    ) -> DisableServiceAccountPayload:
        context = info.context
        done = await attempt(
            service_accounts.disable_service_account(
                context.authority, context.identity, input.id
            )
        )
        if isinstance(done, RejectedError):
            return DisableServiceAccountPayload(user_errors=[AuthUserError.of(done)])
        context.forget()
        account = await ServiceAccount.by_id(info, done)
        return DisableServiceAccountPayload(service_account=account)


def once_a_request() -> RejectedError:
    """Refuse to try a second password within one request."""
    return RejectedError(AuthErrorCode.INVALID, "Try one password a request.")


def hand_over(info: Info, granted: Grant, *, in_cookie: bool) -> str | None:
    """Put a refresh token into the browser's cookie, or return it for the body."""
    if not in_cookie:
        return granted.refresh_token
    info.context.keep_refresh_token(granted.refresh_token, granted.refresh_expires_at)
    return None


async def attempt(verb: Awaitable[Result]) -> Result | RejectedError:
    """Await a verb; what a rule rejected is returned, not raised."""
    try:
        return await verb
    except RejectedError as rejected:
        return rejected
