"""Services of the installation get tokens in their own names, by one secret."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from kit.identity import Kind
from tests.support.identity import Desk

SECRET = "only the services and auth know this"


async def ask(desk: Desk, client: str, secret: str, **form: str) -> httpx.Response:
    return await desk.http.post(
        "/auth/token",
        data={"grant_type": "client_credentials", **form},
        auth=httpx.BasicAuth(client, secret),
    )


@pytest.fixture
def trusted(desk: Desk) -> Desk:
    """Auth that knows the services' secret."""
    desk.authority.service_secret = SECRET
    return desk


async def test_a_service_gets_a_token_that_reads_feeds_and_people(
    trusted: Desk,
) -> None:
    answer = await ask(trusted, "svc_tickets", SECRET)
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 200
    assert body["scope"] == "events:read users:read"
    identity = trusted.verifier.identify(f"Bearer {body['access_token']}")
    assert replace(identity, token_id=None, issued_at=0, expires_at=0) == replace(
        identity,
        subject="svc_tickets",
        kind=Kind.SERVICE,
        scopes=frozenset({"events:read", "users:read"}),
        roles=frozenset(),
        session_id=None,
        token_id=None,
        issued_at=0,
        expires_at=0,
    )
    less = await ask(trusted, "svc_tickets", SECRET, scope="events:read")
    assert less.json()["scope"] == "events:read"


@pytest.mark.parametrize(
    ("client", "secret"),
    [
        ("svc_tickets", "another secret, as long as the other"),
        ("svc_tickets", "x"),
        ("svc_", SECRET),
        ("svc_Tickets", SECRET),
        ("svc_tickets\x00", SECRET),
        ("svc_a b", SECRET),
        ("sva_tickets", SECRET),
    ],
)
async def test_who_does_not_prove_it_gets_none(
    trusted: Desk, client: str, secret: str
) -> None:
    answer = await ask(trusted, client, secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("secret", ["None", "x"])
async def test_without_a_secret_there_are_no_services(desk: Desk, secret: str) -> None:
    answer = await ask(desk, "svc_tickets", secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_service_gets_no_more_than_all_of_them_may(trusted: Desk) -> None:
    answer = await ask(trusted, "svc_tickets", SECRET, scope="users:read tickets:read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
