"""Request headers → Identity, by the keys of every issuer that router.yaml names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError
from kit.identity import ANONYMOUS, Identity
from kit.tokens import KeySet, TokenVerifier
from router.settings.identity import Authentication, Jwks

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Read a caller's token from one header and ask each verifier.

    Without verifiers nobody is known, and a token is only passed on.
    """

    verifiers: Sequence[TokenVerifier] = ()
    header: bytes = b"authorization"
    prefix: str = "Bearer"

    def identify(self, headers: Headers) -> Identity:
        """Say who asks; without a token, nobody does.

        Raises:
            RefusedRequestError: 400, there are two tokens.
            UnauthenticatedError: the token proves nothing.

        """
        found = [value for name, value in headers if name == self.header]
        if not found or not self.verifiers:
            return ANONYMOUS
        if len(found) > 1:
            name = self.header.decode("ascii").title()
            raise RefusedRequestError(400, f"There are two {name} headers.")
        return self.verify(self.token(found[0].decode("latin-1")))

    def token(self, value: str) -> str:
        """Take the prefix off.

        Raises:
            UnauthenticatedError: it is another one, or nothing follows it.

        """
        if not self.prefix:
            return value
        prefix, _, token = value.partition(" ")
        if prefix.lower() != self.prefix.lower() or not token or " " in token:
            raise UnauthenticatedError(
                f"The {self.header.decode().title()} header is not a "
                f"{self.prefix} token"
            )
        return token

    def verify(self, token: str) -> Identity:
        """Ask the issuers in turn.

        Raises:
            UnauthenticatedError: none of them believes it; the last one's reason.

        """
        refusal = UnauthenticatedError("No issuer is known")
        for verifier in self.verifiers:
            try:
                return verifier.verify(token)
            except UnauthenticatedError as error:
                refusal = error
        raise refusal


def verifiers_of(entry: Jwks) -> list[TokenVerifier]:
    """Make the verifiers of one key set: one for each issuer and audience.

    >>> entry = Jwks(url="file:keys.json", issuers=("a", "b"), audiences=("x",))
    >>> [(each.issuer, each.audience) for each in verifiers_of(entry)]
    [('a', 'x'), ('b', 'x')]
    """
    keys = KeySet()
    return [
        TokenVerifier(issuer, audience, keys=keys)
        for issuer in entry.issuers
        for audience in entry.audiences
    ]


def authenticator_of(
    settings: Authentication, verifiers: Sequence[TokenVerifier]
) -> Authenticator:
    """Read tokens where the settings say they are."""
    jwt = settings.router.jwt
    if jwt is None:
        return Authenticator(verifiers)
    header = jwt.header_name.lower().encode("ascii")
    return Authenticator(verifiers, header, jwt.header_value_prefix)
