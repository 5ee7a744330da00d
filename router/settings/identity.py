"""The sections of router.yaml about who asks: authentication and authorization."""

from typing import Literal

from pydantic import Field

from router.settings.values import Duration, Section

Algorithm = Literal["ES256", "EdDSA", "RS256", "PS256"]


class Jwks(Section):
    """One issuer's published keys."""

    url: str = Field(description="http(s) or file URL of the key set.")
    issuers: tuple[str, ...] = Field(
        default=(), description="Accepted `iss` values; empty accepts any."
    )
    audiences: tuple[str, ...] = Field(
        default=(), description="Accepted `aud` values; empty accepts any."
    )
    algorithms: tuple[Algorithm, ...] = Field(
        default=("ES256", "EdDSA", "RS256", "PS256"),
        description="Keys of other algorithms are passed over.",
    )
    poll_interval: Duration = 30


class Jwt(Section):
    """Bearer tokens in a header."""

    jwks: tuple[Jwks, ...] = ()
    header_name: str = "authorization"
    header_value_prefix: str = "Bearer"


class RouterAuthentication(Section):
    """Who talks to the router."""

    jwt: Jwt | None = None


class Authentication(Section):
    """``authentication``: how a caller proves who they are."""

    router: RouterAuthentication = RouterAuthentication()


class Directives(Section):
    """``authorization.directives``: @authenticated and @requiresScopes."""

    enabled: bool = True
    reject_unauthorized: bool = Field(
        default=False,
        description="Refuse the whole operation instead of hiding fields.",
    )


class Authorization(Section):
    """``authorization``: what a caller may ask at all."""

    require_authentication: bool = False
    directives: Directives = Directives()
