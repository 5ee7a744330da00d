"""The sections of router.yaml about who asks: authentication and authorization."""

from pydantic import Field

from router.settings.values import Duration, Section


class Jwks(Section):
    """One issuer's published keys."""

    url: str = Field(description="http(s) or file URL of the key set.")
    issuers: tuple[str, ...] = Field(min_length=1, description="Accepted `iss` values.")
    audiences: tuple[str, ...] = Field(
        min_length=1, description="Accepted `aud` values."
    )
    poll_interval: Duration = 30
    revocations_url: str | None = Field(
        default=None, description="Ours alone: the issuer's feed of revoked sessions."
    )


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
