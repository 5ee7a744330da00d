"""OAuth 2: a service account's credentials → an access token.

Source: RFC 6749 sections 2.3.1, 3.2, 4.4, 5.1 and 5.2.
"""

import base64
import binascii
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.keys import TOKEN_LIFETIME
from subgraphs.auth.service.service_accounts import (
    InvalidClientError,
    InvalidScopeError,
    issue_to_client,
)

MAX_BODY_BYTES: Final = 8192
MAX_FIELDS: Final = 20
FORM: Final = "application/x-www-form-urlencoded"
PRIVATE: Final = {"cache-control": "no-store", "pragma": "no-cache"}


class TokenRequestError(Exception):
    """The request gets no token; the code is RFC 6749's, section 5.2."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.status = status


def token_endpoint(authority: Authority) -> APIRouter:
    """Make ``POST /auth/token``."""
    router = APIRouter()

    @router.post("/auth/token")
    async def token(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await answer(authority, request), headers=PRIVATE)
        except TokenRequestError as error:
            headers = dict(PRIVATE)
            if error.status == 401:  # noqa: PLR2004 - Unauthorized
                headers["www-authenticate"] = 'Basic realm="helpnest"'
            return JSONResponse(
                {"error": error.code, "error_description": error.description},
                status_code=error.status,
                headers=headers,
            )

    return router


async def answer(authority: Authority, request: Request) -> dict[str, object]:
    """Read a token request and grant it.

    Raises:
        TokenRequestError: it is malformed, or its sender gets no token.

    """
    fields = await read_form(request)
    grant_type = fields.get("grant_type")
    if grant_type is None:
        raise TokenRequestError("invalid_request", "grant_type is missing.")
    if grant_type != "client_credentials":
        raise TokenRequestError(
            "unsupported_grant_type", "Only client_credentials is granted."
        )
    client_id, secret = read_credentials(fields, request.headers.get("authorization"))
    scope = fields.get("scope")
    try:
        access, scopes = await issue_to_client(
            authority, client_id, secret, scope.split() if scope else None
        )
    except InvalidClientError as error:
        raise TokenRequestError(
            "invalid_client", "The client id or its secret is wrong.", 401
        ) from error
    except InvalidScopeError as error:
        raise TokenRequestError(
            "invalid_scope", "The client was not given that scope."
        ) from error
    return {
        "access_token": access.text,
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": " ".join(sorted(scopes)),
    }


async def read_form(request: Request) -> dict[str, str]:
    """Read a small form of fields that come once each; an empty one is absent.

    Raises:
        TokenRequestError: invalid_request, it is none.

    """
    media = request.headers.get("content-type", "").partition(";")[0]
    if media.strip().lower() != FORM:
        raise TokenRequestError("invalid_request", f"Send {FORM}.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise TokenRequestError("invalid_request", "The body is too large.")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise TokenRequestError("invalid_request", "The form is malformed.") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise TokenRequestError("invalid_request", "A parameter comes twice.")
    return fields


def read_credentials(
    fields: dict[str, str], authorization: str | None
) -> tuple[str, str]:
    """Find the client's id and secret, in the header or in the form.

    Raises:
        TokenRequestError: invalid_client, there are none, or invalid_request, they
            are in both places.

    """
    if authorization is None:
        client_id, secret = fields.get("client_id"), fields.get("client_secret")
        if not client_id or not secret:
            raise TokenRequestError("invalid_client", "No credentials were sent.", 401)
        return client_id, secret
    if "client_secret" in fields:
        raise TokenRequestError("invalid_request", "Credentials were sent twice.")
    client_id, secret = read_basic(authorization)
    if fields.get("client_id", client_id) != client_id:
        raise TokenRequestError("invalid_request", "Two client ids were sent.")
    return client_id, secret


def read_basic(authorization: str) -> tuple[str, str]:
    """Read an id and a secret, each form-encoded before they were joined.

    >>> read_basic("Basic YTpi")
    ('a', 'b')

    Raises:
        TokenRequestError: invalid_client, the header is another one.

    """
    scheme, _, encoded = authorization.partition(" ")
    try:
        pair = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        pair = ""
    client_id, colon, secret = pair.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise TokenRequestError(
            "invalid_client", "The Authorization header is not Basic.", 401
        )
    return unquote_plus(client_id), unquote_plus(secret)
