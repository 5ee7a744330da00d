"""Service accounts: made with scopes of their maker's own, given tokens, disabled.

Source: RFC 6749 section 4.4 (client credentials).
"""

import hmac
import re
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import ForbiddenError, RejectedError
from kit.identity import Identity, Kind
from kit.ids import new_id
from kit.own_graph import PREFIX, SCOPES
from subgraphs.auth import policy
from subgraphs.auth.errors import AuthErrorCode
from subgraphs.auth.models import LONGEST_NAME
from subgraphs.auth.repository import keys
from subgraphs.auth.repository import service_accounts as stored
from subgraphs.auth.service.authority import (
    AccessToken,
    Authority,
    digest,
    draw_secret,
)
from subgraphs.auth.service.clients import clean
from subgraphs.auth.service.sessions import not_again

log = structlog.get_logger(__name__)

SECRET_PREFIX: Final = "hns"  # noqa: S105 - how a secret begins, not one


SERVICE: Final = re.compile(f"{PREFIX}[a-z]{{1,40}}")
"""The client id of a service: its domain's name."""


class InvalidClientError(Exception):
    """Whoever asks for a token did not prove to be a service account."""


class InvalidScopeError(Exception):
    """A service account asked for a scope that it was not given."""


async def create_service_account(
    authority: Authority, caller: Identity, name: str, scopes: Sequence[str]
) -> tuple[str, str]:
    """Make a service account, and return its id and its secret, which is shown once.

    Raises:
        ForbiddenError: the caller lacks ``service_accounts:manage``.
        RejectedError: SCOPE_NOT_GRANTABLE, a scope is no permission or not the caller's
            own; REQUIRED or INVALID, the name; TAKEN, another one has it.

    """
    refuse_strangers(caller)
    refused = policy.not_grantable(caller, scopes)
    if refused:
        raise RejectedError(
            AuthErrorCode.SCOPE_NOT_GRANTABLE,
            f"You cannot give {', '.join(map(repr, refused[:5]))}.",
            ["input", "scopes"],
        )
    if not scopes:
        raise RejectedError(
            AuthErrorCode.REQUIRED, "Name one scope at least.", ["input", "scopes"]
        )
    secret = draw_secret(SECRET_PREFIX)
    account_id = new_id("sva")
    account = {
        "id": account_id,
        "name": checked_name(name),
        "scopes": sorted(set(scopes)),
        "owner_id": caller.subject if caller.kind is Kind.USER else None,
        "secret_digest": digest(secret),
        "created_at": authority.now(),
    }
    async with authority.database.unit_of_work() as session:
        if not await stored.add_service_account(session, account):
            raise RejectedError(
                AuthErrorCode.TAKEN,
                "Another service account has this name.",
                ["input", "name"],
            )
    log.info("auth.service_account_created", account=account_id, by=caller.subject)
    return account_id, secret


def refuse_strangers(caller: Identity) -> None:
    """Refuse who may not manage service accounts.

    Raises:
        ForbiddenError: the caller lacks ``service_accounts:manage``.

    """
    if not policy.can_manage_service_accounts(caller):
        raise ForbiddenError(
            "Service accounts need the permission service_accounts:manage"
        )


def checked_name(name: str) -> str:
    """Trim a name that is to be kept.

    Raises:
        RejectedError: REQUIRED, it is empty, or INVALID, it is too long or holds
            what cannot be shown.

    """
    kept = clean(name, LONGEST_NAME + 1)
    path = ["input", "name"]
    if kept is None:
        raise RejectedError(AuthErrorCode.REQUIRED, "A name is needed.", path)
    if kept != name.strip() or len(kept) > LONGEST_NAME:
        raise RejectedError(
            AuthErrorCode.INVALID,
            f"A name has at most {LONGEST_NAME} characters that can be shown.",
            path,
        )
    return kept


async def disable_service_account(
    authority: Authority, caller: Identity, account_id: str
) -> str:
    """Give a service account no more tokens, and take back those it has.

    Raises:
        ForbiddenError: the caller lacks ``service_accounts:manage``.
        RejectedError: NOT_FOUND, there is no such service account.

    """
    refuse_strangers(caller)
    async with authority.database.unit_of_work() as session:
        account = await stored.lock_service_account(session, account_id)
        if account is None:
            raise RejectedError(
                AuthErrorCode.NOT_FOUND,
                "There is no such service account.",
                ["input", "id"],
            )
        if account.disabled_at is None:
            account.disabled_at = authority.now()
        await session.flush()
        revoked = {account_id: not_again(authority)}
        await keys.publish_revocations(session, revoked, authority.now())
    authority.taken_back(revoked)
    log.info("auth.service_account_disabled", account=account_id, by=caller.subject)
    return account_id


async def issue_to_client(
    authority: Authority, client_id: str, secret: str, wanted: Sequence[str] | None
) -> tuple[AccessToken, list[str]]:
    """Give a service account a token, with all of its scopes or those it wants.

    Returns the token and its scopes.

    Raises:
        InvalidClientError: the id or the secret is wrong, or it is disabled.
        InvalidScopeError: it wants a scope that it was not given.

    """
    if client_id.startswith(PREFIX):
        return await _issue_to_service(authority, client_id, secret, wanted)
    known = await authority.database.row(
        stored.CREDENTIALS_BY_ID, id=client_id.replace("\x00", "")
    )
    proof = known["secret_digest"] if known else bytes(32)
    right = hmac.compare_digest(proof, digest(secret))
    if known is None or not right:
        raise InvalidClientError
    scopes = _scopes(known["scopes"], wanted)
    async with authority.database.unit_of_work() as session:
        return await _issue(authority, session, client_id, scopes), scopes


async def _issue_to_service(
    authority: Authority, client_id: str, secret: str, wanted: Sequence[str] | None
) -> tuple[AccessToken, list[str]]:
    """Give a service of this installation a token in its own name.

    All of them share one secret and the same few scopes, so none gains by taking
    another one's name.
    """
    kept = authority.service_secret or ""
    right = hmac.compare_digest(digest(kept), digest(secret))
    if not kept or not right or not SERVICE.fullmatch(client_id):
        raise InvalidClientError
    scopes = _scopes(SCOPES, wanted)
    return await authority.issue(client_id, scopes), scopes


def _scopes(granted: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    scopes = list(granted) if wanted is None else list(dict.fromkeys(wanted))
    if not scopes or not set(granted).issuperset(scopes):
        raise InvalidScopeError
    return scopes


async def _issue(
    authority: Authority, session: AsyncSession, client_id: str, scopes: list[str]
) -> AccessToken:
    # The lock is for whoever disables the account at this moment: either they wait,
    # and take this token back too, or it is disabled by now.
    account = await stored.lock_service_account(session, client_id)
    if account is None or account.disabled_at is not None:
        raise InvalidClientError
    return await authority.issue(client_id, scopes)
