from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from kit.identity import ANONYMOUS
from subgraphs.auth.context import Context


class Authority:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


def context(**headers: str) -> Context:
    return Context(
        ANONYMOUS,
        cast("Any", None),
        cast("Any", None),
        authority=cast("Any", Authority()),
        request_headers={
            name.replace("_", "-").encode(): value.encode()
            for name, value in headers.items()
        },
    )


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("", None),
        ("helpnest_refresh=hnr_1", "hnr_1"),
        ("a=b; helpnest_refresh=hnr_1; c=d", "hnr_1"),
        ('broken={"a": "b; c"}; helpnest_refresh=hnr_1', "hnr_1"),
        ("not_helpnest_refresh=hnr_1", None),
        ("helpnest_refresh", ""),
        (";;;=;helpnest_refresh=a=b", "a=b"),
    ],
)
def test_the_cookie_is_found_among_others(sent: str, found: str | None) -> None:
    assert context(cookie=sent).refresh_cookie == found


def test_a_kept_refresh_token_is_out_of_reach_of_scripts_and_other_sites() -> None:
    answered = context()
    until = Authority().now() + timedelta(hours=1)
    answered.keep_refresh_token("hnr_1", until)
    ((name, value),) = answered.response_headers
    assert name == b"set-cookie"
    assert value.decode().split("; ") == [
        "helpnest_refresh=hnr_1",
        "Max-Age=3600",
        "Path=/graphql",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
    ]


def test_a_dropped_refresh_token_is_overwritten() -> None:
    answered = context()
    answered.drop_refresh_token()
    assert answered.response_headers[0][1].startswith(b"helpnest_refresh=; Max-Age=0;")


def test_an_answer_says_once_that_it_is_private() -> None:
    answered = context()
    answered.keep_private()
    answered.keep_private()
    assert answered.response_headers == [(b"cache-control", b"no-store")]


def test_the_client_is_what_the_router_and_the_program_say() -> None:
    told = context(x_helpnest_client_address="192.0.2.7", user_agent="curl/8")
    assert (told.client.address, told.client.user_agent) == ("192.0.2.7", "curl/8")
    forged = context(x_forwarded_for="192.0.2.7", forwarded="for=192.0.2.7")
    assert (forged.client.address, forged.client.user_agent) == (None, None)
