"""What must not stand in an input of auth is refused, wherever it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.app import Service
from tests.support.bad_input import Json, try_everything
from tests.support.identity import Desk

PASSWORD = "correct horse battery"
RIGHTS = (
    "users:manage",
    "sessions:manage",
    "service_accounts:manage",
    "tickets:read",
)

HARMLESS = frozenset({"signIn.deviceName"})
"""What a device is called is cut to what can be shown."""

PROOFS = frozenset({"signIn.email", "signIn.password", "refreshSession.refreshToken"})
"""Who guesses is not told what of it was right."""

COUNTED = frozenset({"sign_in_attempts"})
"""Failures are counted; that is what the table is for."""


@dataclass
class Asking:
    """Auth, asked with one person's token."""

    desk: Desk
    token: str

    @property
    def service(self) -> Service:
        """Auth itself."""
        return self.desk.service

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, **who: Any
    ) -> Json:
        """Send an operation."""
        given = dict(variables or {})
        answer = await self.desk.ask(query, given, token=self.token, **who)
        assert answer.status_code < 500
        found: Json = answer.json()
        return found


async def inputs(desk: Desk, asking: Asking) -> dict[str, Json]:
    """Give each mutation an input that would be done."""
    ben = await desk.account("usr_ben", PASSWORD)
    begun = [await desk.sign_in(ben) for _ in range(2)]
    made = await asking.ask(
        "mutation ($in: CreateServiceAccountInput!) { createServiceAccount(input: $in)"
        " { serviceAccount { id } } }",
        {"in": {"name": "old", "scopes": ["tickets:read"]}},
    )
    account = made["data"]["createServiceAccount"]["serviceAccount"]["id"]
    return {
        "signIn": {**ben, "deviceName": "laptop"},
        "refreshSession": {"refreshToken": begun[0]["refreshToken"]},
        "revokeSession": {"id": begun[1]["session"]["id"]},
        "revokeSessions": {"userId": "usr_ben"},
        "issuePassword": {"userId": "usr_ben"},
        "createServiceAccount": {"name": "new", "scopes": ["tickets:read"]},
        "disableServiceAccount": {"id": account},
        "changePassword": {
            "currentPassword": PASSWORD,
            "newPassword": "another horse battery",
        },
    }


async def test_what_must_not_stand_in_an_input_is_refused_wherever_it_stands(
    desk: Desk,
) -> None:
    root = await desk.account("usr_root", PASSWORD, *RIGHTS)
    asking = Asking(desk, (await desk.sign_in(root))["accessToken"])
    given = await inputs(desk, asking)
    tried = await try_everything(
        asking, "auth", given, {}, harmless=HARMLESS, secret=PROOFS, aside=COUNTED
    )
    assert tried == 48
