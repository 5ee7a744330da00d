"""Tokens are found where settings say, once, and believed by whom they concern."""

from typing import Any

import pytest

from kit.errors import UnauthenticatedError
from kit.guard import RefusedRequestError
from kit.identity import ANONYMOUS
from router.auth.identify import (
    Authenticator,
    CookieSource,
    HeaderSource,
    authenticator_of,
    verifier_of,
)
from router.settings.identity import Authentication, Jwks
from tests.support.tokens import jwks, sign, sign_claims, verifier

TOKEN = sign("usr_1")
BEARER = (b"authorization", b"Bearer " + TOKEN.encode())
COOKIE = (b"cookie", b"theme=dark; token=" + TOKEN.encode())


def of_settings(**jwt: Any) -> Authenticator:
    settings = Authentication.model_validate({"router": {"jwt": jwt}})
    return authenticator_of(settings, [verifier()])


def test_without_a_token_nobody_asks_and_without_issuers_nobody_is_known() -> None:
    assert of_settings().identify([]) is ANONYMOUS
    assert Authenticator().identify([BEARER]) is ANONYMOUS


@pytest.mark.parametrize(
    "value",
    [b"", b"Bearer", b"Bearer ", b"Basic eDp5", b"Bearer a b", TOKEN.encode()],
)
def test_what_is_no_bearer_token_is_refused(value: bytes) -> None:
    with pytest.raises(UnauthenticatedError, match="not a Bearer token"):
        of_settings().identify([(b"authorization", value)])


def test_two_tokens_in_one_place_are_one_too_many() -> None:
    with pytest.raises(RefusedRequestError, match="two Authorization headers"):
        of_settings().identify([BEARER, BEARER])
    cookies = of_settings(sources=[{"type": "cookie", "name": "token"}])
    for twice in ([COOKIE, COOKIE], [(b"cookie", b"token=a; token=b")]):
        with pytest.raises(RefusedRequestError, match="two cookies"):
            cookies.identify(twice)


def test_another_header_and_no_prefix_are_taken_where_settings_say() -> None:
    other = of_settings(header_name="X-Token", header_value_prefix="")
    assert other.identify([(b"x-token", TOKEN.encode())]).subject == "usr_1"
    assert other.identify([BEARER]) is ANONYMOUS


def test_another_prefix_can_be_left_to_others() -> None:
    lenient = of_settings(ignore_other_prefixes=True)
    assert lenient.identify([(b"authorization", b"Basic eDp5")]) is ANONYMOUS


def test_places_are_looked_at_in_order_the_header_first() -> None:
    places = of_settings(
        sources=[
            {"type": "cookie", "name": "token"},
            {"type": "header", "name": "X-Late", "value_prefix": "JWT"},
        ]
    )
    assert places.identify([COOKIE]).subject == "usr_1"
    late = (b"x-late", b"JWT " + sign("usr_late").encode())
    assert places.identify([late]).subject == "usr_late"
    assert places.identify([late, COOKIE]).subject == "usr_1"
    # A bad token is not passed over for a good one further on.
    with pytest.raises(UnauthenticatedError):
        places.identify([(b"authorization", b"Bearer x"), COOKIE])


def test_subgraphs_find_a_cookies_token_where_they_look() -> None:
    plain = of_settings()
    headers: list[tuple[bytes, bytes]] = [BEARER, COOKIE]
    assert plain.as_bearer(headers) is headers
    cookies = of_settings(sources=[{"type": "cookie", "name": "token"}])
    assert cookies.as_bearer([COOKIE]) == [COOKIE, BEARER]
    assert cookies.as_bearer(headers) == headers
    assert cookies.as_bearer([]) == []


def entry(issuer: str, *algorithms: str) -> Jwks:
    return Jwks.model_validate(
        {
            "url": "file:keys.json",
            "issuers": [issuer, f"{issuer}-old"],
            "audiences": ["helpnest", "console"],
            "algorithms": list(algorithms),
        }
    )


def test_each_issuer_is_believed_with_its_own_keys_alone() -> None:
    ours, others = verifier_of(entry("helpnest")), verifier_of(entry("partner"))
    ours.keys.replace(jwks())
    asked = Authenticator([others, ours])
    headers = [BEARER]
    assert asked.identify(headers).subject == "usr_1"
    assert asked.identify(headers) is asked.identify(headers)
    for claims in (
        {"iss": "partner"},
        {"aud": "elsewhere"},
        {"iss": "help"},
    ):
        forged = (b"authorization", f"Bearer {sign('usr_1', **claims)}".encode())
        with pytest.raises(UnauthenticatedError):
            asked.identify([forged])
    for claims in ({"iss": "helpnest-old"}, {"aud": ["x", "console"]}):
        good = (b"authorization", f"Bearer {sign('usr_1', **claims)}".encode())
        assert asked.identify([good]).subject == "usr_1"


@pytest.mark.parametrize("ours_first", [True, False])
def test_the_issuer_that_knows_a_tokens_key_says_what_is_wrong_with_it(
    ours_first: bool,
) -> None:
    ours, others = verifier_of(entry("helpnest")), verifier_of(entry("partner"))
    ours.keys.replace(jwks())
    asked = Authenticator([ours, others] if ours_first else [others, ours])
    for token, said in (
        (sign("usr_1", exp=1), "The token has expired"),
        (sign("usr_1", aud="elsewhere"), "Audience"),
        (sign_claims({}, headers={"kid": "nobody's"}), "not one of the issuer's"),
    ):
        with pytest.raises(UnauthenticatedError, match=said):
            asked.verify(token)


def test_keys_of_an_algorithm_that_is_not_listed_are_passed_over() -> None:
    strict = verifier_of(entry("helpnest", "EdDSA"))
    with pytest.raises(ValueError, match="no usable key"):
        strict.keys.replace(jwks())
    verifier_of(entry("helpnest", "ES256")).keys.replace(jwks())


def test_places_are_equal_when_they_are_the_same() -> None:
    assert HeaderSource() == HeaderSource()
    assert CookieSource(b"a") != CookieSource(b"b")
