"""The sections of router.yaml about who asks: authentication and authorization."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from router.settings.values import Duration, HeaderName, HeaderValue, Section

Algorithm = Literal["ES256", "EdDSA", "RS256", "PS256"]
"""The same as `kit.key_set.FITTING` has: nothing symmetric, no ``none``."""

Address = Annotated[
    str, StringConstraints(pattern=r"^(https?://[^\s/?#]+|file:/*[^\s/?#]+)\S*$")
]


class JwksHeader(Section):
    """One header of the request for a key set."""

    name: HeaderName = Field(description="Its name.")
    value: HeaderValue = Field(description="Its value.")


class Jwks(Section):
    """One issuer's published keys."""

    url: Address = Field(
        description="http(s) or file URL of the key set. Unlike Apollo Router, its "
        "tokens must be of type `at+jwt` (RFC 9068)."
    )
    issuers: tuple[str, ...] = Field(
        min_length=1,
        description="Accepted `iss` values. Unlike Apollo Router, at least one.",
    )
    audiences: tuple[str, ...] = Field(
        min_length=1,
        description="Accepted `aud` values. Unlike Apollo Router, at least one.",
    )
    algorithms: tuple[Algorithm, ...] = Field(
        default=(),
        description="Keys of other algorithms are passed over; empty: none. Unlike "
        "Apollo Router, these four at most.",
    )
    poll_interval: Duration = Field(
        default=30, description="How often keys are fetched, in the background."
    )
    headers: tuple[JwksHeader, ...] = Field(
        default=(), description="Sent when the key set is fetched."
    )
    revocations_url: Address | None = Field(
        default=None,
        description="Ours alone: the issuer's feed of revoked sessions.",
    )


class TokenSource(Section):
    """One more place where a token may stand, looked at after the header."""

    type: Literal["header", "cookie"] = Field(description="What carries it.")
    name: HeaderName = Field(description="The header's or the cookie's name.")
    value_prefix: str = Field(default="Bearer", description="Of a header's value.")


class Jwt(Section):
    """Bearer tokens: in a header, or where ``sources`` say."""

    jwks: tuple[Jwks, ...] = Field(default=(), description="Whose tokens count.")
    header_name: HeaderName = Field(
        default="authorization", description="The header that carries the token."
    )
    header_value_prefix: str = Field(
        default="Bearer", description="What stands before it."
    )
    ignore_other_prefixes: bool = Field(
        default=False, description="Take a header of another prefix for none."
    )
    sources: tuple[TokenSource, ...] = Field(
        default=(), description="Where else to look, in this order."
    )


class RouterAuthentication(Section):
    """Who talks to the router."""

    jwt: Jwt | None = Field(
        default=None, description="Without it no token is read: all are strangers."
    )


class Authentication(Section):
    """``authentication``: how a caller proves who they are."""

    router: RouterAuthentication = RouterAuthentication.usual()


class AuthorizationErrors(Section):
    """``authorization.directives.errors``: who is told what was hidden."""

    log: bool = Field(default=True, description="Say it in the log.")
    response: Literal["errors", "extensions", "disabled"] = Field(
        default="errors",
        description="Where in the answer: among `errors`, in "
        "`extensions.authorizationErrors`, or nowhere.",
    )


class Directives(Section):
    """``authorization.directives``: @authenticated, @requiresScopes and @policy."""

    enabled: bool = Field(
        default=True, description="Obey the directives of the supergraph."
    )
    dry_run: bool = Field(
        default=False, description="Hide nothing, only say what would be hidden."
    )
    reject_unauthorized: bool = Field(
        default=False,
        description="Refuse the whole operation instead of hiding fields.",
    )
    errors: AuthorizationErrors = AuthorizationErrors.usual()


class Authorization(Section):
    """``authorization``: what a caller may ask at all."""

    require_authentication: bool = Field(
        default=False, description="Strangers are refused, whatever they ask."
    )
    directives: Directives = Directives.usual()
