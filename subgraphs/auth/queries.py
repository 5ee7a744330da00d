"""Where a caller asks about sessions and ways to sign in."""

import strawberry

from subgraphs.auth import policy
from subgraphs.auth.context import Info
from subgraphs.auth.repository.service_accounts import SERVICE_ACCOUNTS
from subgraphs.auth.service.service_accounts import refuse_strangers
from subgraphs.auth.types.entities import (
    AuthProvider,
    AuthProviderKind,
    ServiceAccount,
    Session,
)


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.federation.field(
        authenticated=True,
        description="The session making this request; null for service accounts.",
    )
    async def session(self, info: Info) -> Session | None:
        return await Session.by_id(info, info.context.identity.session_id)

    @strawberry.field(description="What the sign-in page may offer. Public.")
    def auth_providers(self) -> list[AuthProvider]:
        return [
            AuthProvider(
                key="password", kind=AuthProviderKind.PASSWORD, display_name="Password"
            )
        ]

    @strawberry.federation.field(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_SERVICE_ACCOUNTS]],
        description="Every service account, by name, disabled ones too. Requires: "
        "service_accounts:manage.",
    )
    async def service_accounts(self, info: Info) -> list[ServiceAccount]:
        refuse_strangers(info.context.identity)
        rows = await info.context.database.rows(SERVICE_ACCOUNTS)
        return [ServiceAccount.from_row(row) for row in rows]
