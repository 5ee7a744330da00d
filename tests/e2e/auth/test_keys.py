import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from kit.app import Surroundings
from kit.errors import UnauthenticatedError
from kit.settings import ServiceSettings
from kit.tokens import KeySet, TokenVerifier
from subgraphs.auth.app import create_app
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.keys import KeyRing, rotate_keys_now
from tests.support.identity import Desk

JWKS = "/auth/.well-known/jwks.json"


async def published(desk: Desk) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = (await desk.http.get(JWKS)).json()["keys"]
    return keys


async def signer(desk: Desk) -> str:
    token = await desk.authority.issue("usr_ada", [])
    found = [
        key["kid"] for key in await published(desk) if signed_by(desk, key, token.text)
    ]
    assert len(found) == 1
    return found[0]


def signed_by(desk: Desk, key: dict[str, Any], token: str) -> bool:
    only = KeySet()
    only.replace({"keys": [key]})
    try:
        TokenVerifier("helpnest", "helpnest", only, clock=desk.clock).verify(token)
    except UnauthenticatedError:
        return False
    return True


async def stored_keys(desk: Desk) -> list[str]:
    return await desk.column("SELECT private_pem FROM signing_keys")


async def test_the_first_key_is_made_on_demand_and_only_its_public_half_shown(
    desk: Desk,
) -> None:
    answer = await desk.http.get(JWKS)
    assert answer.headers["cache-control"] == "public, max-age=15"
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ES256")


async def test_processes_that_start_together_make_one_key(desk: Desk) -> None:
    await asyncio.gather(*(desk.authority.rotate() for _ in range(5)))
    assert len(await stored_keys(desk)) == 1


async def test_a_new_key_is_published_two_polls_before_it_signs(desk: Desk) -> None:
    (old,) = await published(desk)
    desk.clock.forward(days=30, seconds=1)
    assert await desk.authority.rotate()
    assert not await desk.authority.rotate()
    both = [key["kid"] for key in await published(desk)]
    assert len(both) == 2
    desk.clock.forward(seconds=88)
    assert await signer(desk) == old["kid"]
    desk.clock.forward(seconds=3)
    assert await signer(desk) == both[1]


async def test_the_old_key_stays_until_its_last_token_has_expired(desk: Desk) -> None:
    await published(desk)
    await desk.authority.rotate(force=True)
    desk.clock.forward(seconds=89)
    last = (await desk.authority.issue("usr_ada", [])).text
    desk.clock.forward(minutes=10)
    await desk.authority.rotate()
    assert desk.verifier.verify(last).subject == "usr_ada"
    desk.clock.forward(minutes=2)
    await desk.authority.rotate()
    assert len(await published(desk)) == len(await stored_keys(desk)) == 1


async def test_a_compromised_key_and_what_it_signed_are_worth_nothing_at_once(
    desk: Desk,
) -> None:
    token = (await desk.authority.issue("usr_ada", [])).text
    desk.verifier.verify(token)
    (old,) = await published(desk)
    await desk.authority.rotate(compromised=True)
    (new,) = await published(desk)
    assert new["kid"] != old["kid"]
    with pytest.raises(UnauthenticatedError, match="not one of the issuer's"):
        desk.verifier.verify(token)
    assert await signer(desk) == new["kid"]


async def test_a_key_made_from_outside_is_found_at_the_next_look(desk: Desk) -> None:
    (old,) = await published(desk)
    await rotate_keys_now(desk.service.database, None, compromised=True)
    await desk.authority.rotate()
    (new,) = await published(desk)
    assert new["kid"] != old["kid"]
    assert await signer(desk) == new["kid"]


async def test_with_a_secret_private_keys_are_encrypted(desk: Desk) -> None:
    authority = desk.authority
    authority.ring = KeyRing("the deployment's secret")
    await authority.rotate()
    (pem,) = await stored_keys(desk)
    assert pem.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    again = Authority(
        authority.database,
        TokenVerifier("helpnest", "helpnest"),
        authority.graph,
        KeyRing("the deployment's secret"),
    )
    await again.load_keys()
    current = again.ring.current(again.now())
    assert current is not None
    assert [current.kid] == await desk.column("SELECT kid FROM signing_keys")
    again.passwords.close()


async def test_under_another_secret_a_new_key_signs_and_the_old_stays_published(
    desk: Desk,
) -> None:
    authority = desk.authority
    authority.ring = KeyRing("the old secret")
    token = (await authority.issue("usr_ada", [])).text
    authority.ring = KeyRing("a new secret")
    assert await authority.rotate()
    assert len(await published(desk)) == 2
    assert desk.verifier.verify(token).subject == "usr_ada"
    await signer(desk)


async def test_the_running_service_has_a_key_and_tells_its_own_verifier(
    database_url: Callable[[str], str],
) -> None:
    verifier = TokenVerifier("helpnest", "helpnest")
    async with httpx.AsyncClient() as elsewhere:
        service = create_app(
            ServiceSettings(domain="auth", database_url=database_url("auth")),
            surroundings=Surroundings(verifier, elsewhere),
        )
        lifespan: Any = service.rest.router.lifespan_context
        async with lifespan(service.rest):
            assert len(verifier.keys.keys) == 1
