"""Request headers → Identity, by the keys of every issuer that router.yaml names."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError
from kit.identity import ANONYMOUS, Identity
from kit.key_set import KeySet
from kit.tokens import CACHED_TOKENS, TokenVerifier, UnknownKeyError
from router.settings.identity import Authentication, Jwks

Headers = list[tuple[bytes, bytes]]

AUTHORIZATION = b"authorization"


class Source(Protocol):
    """One place where a token may stand."""

    def find(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Give the token; None if the place is empty.

        Raises:
            RefusedRequestError: 400, there are two.
            UnauthenticatedError: what stands there is no token.

        """
        ...


@dataclass(frozen=True, slots=True)
class HeaderSource:
    """A header of its own, with a prefix or without one.

    With ``passes_others``, a header of another prefix is somebody else's matter.
    """

    name: bytes = AUTHORIZATION
    prefix: str = "Bearer"
    passes_others: bool = False

    def find(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Give what follows the prefix."""
        found = [value for name, value in headers if name == self.name]
        if not found:
            return None
        title = self.name.decode("ascii").title()
        if len(found) > 1:
            raise RefusedRequestError(400, f"There are two {title} headers.")
        value = found[0].decode("latin-1")
        if not self.prefix:
            return value
        prefix, _, token = value.partition(" ")
        if prefix.lower() != self.prefix.lower() and self.passes_others:
            return None
        if prefix.lower() != self.prefix.lower() or not token or " " in token:
            raise UnauthenticatedError(
                f"The {title} header is not a {self.prefix} token"
            )
        return token


@dataclass(frozen=True, slots=True)
class CookieSource:
    """A cookie, for browsers."""

    name: bytes

    def find(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Give the cookie's value.

        >>> CookieSource(b"t").find([(b"cookie", b"a=1; t=abc")])
        'abc'
        """
        found = [
            value.strip()
            for name, line in headers
            if name == b"cookie"
            for key, _, value in [each.partition(b"=") for each in line.split(b";")]
            if key.strip() == self.name
        ]
        if len(found) > 1:
            name = self.name.decode("ascii")
            raise RefusedRequestError(400, f"There are two cookies named {name!r}.")
        return found[0].decode("latin-1") if found and found[0] else None


@dataclass(slots=True)
class Authenticator:
    """Read a caller's token from the first place that has one, and verify it.

    Without verifiers nobody is known, and a token is only passed on. Which verifier
    believed a token is remembered, so that each is verified once.
    """

    verifiers: Sequence[TokenVerifier] = ()
    sources: Sequence[Source] = (HeaderSource(),)
    _believed: OrderedDict[str, TokenVerifier] = field(
        default_factory=OrderedDict[str, TokenVerifier]
    )

    def identify(self, headers: Iterable[tuple[bytes, bytes]]) -> Identity:
        """Say who asks; without a token, nobody does.

        Raises:
            RefusedRequestError: 400, there are two tokens in one place.
            UnauthenticatedError: the token proves nothing.

        """
        token = self.token_in(headers)
        return ANONYMOUS if token is None else self.verify(token)

    def token_in(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Give the token that is to be verified, if there is one.

        Raises:
            RefusedRequestError: 400, there are two tokens in one place.
            UnauthenticatedError: what stands in a token's place is none.

        """
        for source in self.sources if self.verifiers else ():
            token = source.find(headers)
            if token is not None:
                return token
        return None

    def verify(self, token: str) -> Identity:
        """Ask the issuers in turn.

        Raises:
            UnauthenticatedError: none of them believes it; why, says the first that
                knows its key, or else the first.

        """
        if len(self.verifiers) == 1:
            return self.verifiers[0].verify(token)
        known = self._believed.get(token)
        if known is not None:
            return known.verify(token)
        refusals: list[UnauthenticatedError] = []
        for verifier in self.verifiers:
            try:
                identity = verifier.verify(token)
            except UnauthenticatedError as error:
                refusals.append(error)
            else:
                self._believed[token] = verifier
                if len(self._believed) > CACHED_TOKENS:
                    self._believed.popitem(last=False)
                return identity
        known_key = [each for each in refusals if not isinstance(each, UnknownKeyError)]
        raise (known_key or refusals)[0]

    def as_bearer(self, headers: Headers) -> Headers:
        """Put a token that stood elsewhere where subgraphs look for it.

        The request was identified already, so no place holds two.
        """
        first = self.sources[0] if self.sources else None
        if len(self.sources) == 1 and first == HeaderSource():
            return headers
        if not self.verifiers:
            return headers
        for source in self.sources:
            token = source.find(headers)
            if token is None:
                continue
            if isinstance(source, HeaderSource) and source.name == AUTHORIZATION:
                return headers
            kept = [pair for pair in headers if pair[0] != AUTHORIZATION]
            return [*kept, (AUTHORIZATION, b"Bearer " + token.encode("latin-1"))]
        return headers


def verifier_of(entry: Jwks) -> TokenVerifier:
    """Make the verifier of one key set.

    >>> entry = Jwks(url="file:keys.json", issuers=("a", "b"), audiences=("x",))
    >>> verifier_of(entry).issuer, verifier_of(entry).audience
    (('a', 'b'), ('x',))
    """
    keys = KeySet(algorithms=frozenset(entry.algorithms) if entry.algorithms else None)
    return TokenVerifier(entry.issuers, entry.audiences, keys=keys)


def authenticator_of(
    settings: Authentication, verifiers: Sequence[TokenVerifier]
) -> Authenticator:
    """Read tokens where the settings say they are: the header first, then the rest."""
    jwt = settings.router.jwt
    if jwt is None:
        return Authenticator(verifiers)
    sources: list[Source] = [
        HeaderSource(
            jwt.header_name.lower().encode("ascii"),
            jwt.header_value_prefix,
            jwt.ignore_other_prefixes,
        )
    ]
    for each in jwt.sources:
        if each.type == "cookie":
            sources.append(CookieSource(each.name.encode("ascii")))
        else:
            name = each.name.lower().encode("ascii")
            sources.append(
                HeaderSource(name, each.value_prefix, jwt.ignore_other_prefixes)
            )
    return Authenticator(verifiers, tuple(sources))
