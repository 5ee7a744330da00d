"""Sessions, service accounts, and what auth knows about a user."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry
from asyncpg import Record

from kit.types import Node
from subgraphs.auth import policy
from subgraphs.auth.context import Info


@strawberry.federation.type(
    keys=["id"], description="One sign-in on one device, until sign-out or expiry."
)
class Session(Node):
    created_at: datetime = strawberry.field(description="When the password was given.")
    last_seen_at: datetime = strawberry.field(
        description="When it was last refreshed; a device in use does so every few "
        "minutes."
    )
    ip_address: str | None = strawberry.field(
        description="Where it was last refreshed from; null when that is not known."
    )
    user_agent: str | None = strawberry.field(
        description="The program that signed in, by its own words; null when it said "
        "nothing."
    )
    device_name: str | None = strawberry.field(
        description="What the person called the device; null without a name."
    )

    @strawberry.field(description="This very request is made within it.")
    def current(self, info: Info) -> bool:
        return info.context.identity.session_id == self.id

    @classmethod
    def from_row(cls, row: Record) -> Self:
        return cls(
            id=strawberry.ID(row["id"]),
            created_at=row["created_at"],
            last_seen_at=row["last_seen_at"],
            ip_address=row["ip_address"],
            user_agent=row["user_agent"],
            device_name=row["device_name"],
        )

    @classmethod
    async def by_id(cls, info: Info, session_id: str | None) -> Self | None:
        """Read an open session that the caller may see."""
        if session_id is None:
            return None
        row = await info.context.loaders.session_by_id.load(session_id)
        caller = info.context.identity
        if row is None or not policy.can_see_sessions(caller, row["user_id"]):
            return None
        return cls.from_row(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        return await cls.by_id(info, id)


@strawberry.federation.type(keys=["id"], description="A person; owned by users.")
class User(Node):
    """Owned by users; here it gains only where they are signed in."""

    @strawberry.field(
        description="Where this person is signed in, last seen first. Null where it "
        "may not be known. Requires: self or sessions:manage."
    )
    async def sessions(self, info: Info) -> list[Session] | None:
        if not policy.can_see_sessions(info.context.identity, self.id):
            return None
        rows = await info.context.loaders.sessions_by_user.load(self.id)
        return [Session.from_row(row) for row in rows]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        return cls(id=id)


@strawberry.federation.type(
    keys=["id"], description="A program that acts in its own name, with its own scopes."
)
class ServiceAccount(Node):
    name: str = strawberry.field(description="What it is called; no two are the same.")
    scopes: list[str] = strawberry.field(
        description="What its tokens allow, e.g. `tickets:read`."
    )
    owner: User | None = strawberry.field(
        description="Who made it; null when a program did."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    disabled_at: datetime | None = strawberry.field(
        description="Since when it gets no tokens; null while it does."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        owner = row["owner_id"]
        return cls(
            id=strawberry.ID(row["id"]),
            name=row["name"],
            scopes=row["scopes"],
            owner=None if owner is None else User(id=owner),
            created_at=row["created_at"],
            disabled_at=row["disabled_at"],
        )

    @classmethod
    async def by_id(cls, info: Info, account_id: str | None) -> Self | None:
        """Read a service account that the caller may see."""
        caller = info.context.identity
        if account_id is None or not policy.can_see_service_account(caller, account_id):
            return None
        row = await info.context.loaders.service_account_by_id.load(account_id)
        return None if row is None else cls.from_row(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        return await cls.by_id(info, id)


@strawberry.enum(description="A way to prove who one is.")
class AuthProviderKind(Enum):
    PASSWORD = strawberry.enum_value(
        "PASSWORD", description="An email and a password, by `signIn`."
    )


@strawberry.type(description="A way to sign in that this installation offers.")
class AuthProvider:
    key: str = strawberry.field(description="Its name for programs.")
    kind: AuthProviderKind = strawberry.field(description="How it works.")
    display_name: str = strawberry.field(description="Its name for people.")
