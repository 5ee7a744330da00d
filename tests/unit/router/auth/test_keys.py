"""Keys come in the background, stay while their issuer is down, and follow files."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from kit.errors import UnauthenticatedError
from router.auth import keys
from router.auth.identify import verifier_of
from router.auth.keys import keys_kept, read_keys, watch
from router.errors import ConfigurationError
from router.settings.identity import Jwks
from tests.support.tokens import jwks, sign


async def until(condition: Callable[[], bool]) -> None:
    """Let the background work until it is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for raises no event
            await asyncio.sleep(0.001)


def entry(url: str, **more: Any) -> Jwks:
    given = {"url": url, "issuers": ["helpnest"], "audiences": ["helpnest"], **more}
    return Jwks.model_validate(given)


async def test_known_keys_stay_while_the_issuer_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "FIRST_WAIT", 0.001)
    down, asked = False, list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503) if down else httpx.Response(200, json=jwks())

    one = entry(
        "http://issuer/keys",
        poll_interval="1ms",
        headers=[{"name": "x-tenant", "value": "7"}],
    )
    verifier = verifier_of(one)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        tasks = [asyncio.create_task(work) for work in watch(one, verifier, client)]
        await until(lambda: bool(verifier.keys.keys))
        down, seen = True, len(asked)
        with capture_logs() as logs:
            await until(lambda: len(asked) >= seen + 5)
        assert {(each["event"], each["url"]) for each in logs} == {
            ("issuer.unreachable", "http://issuer/keys")
        }
        assert verifier.verify(sign("usr_1")).subject == "usr_1"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert asked[0].headers["x-tenant"] == "7"


async def test_after_ten_minutes_without_the_issuer_tokens_still_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "FIRST_WAIT", 0.001)
    down, asked = False, list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if down:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json=jwks())

    one = entry("http://issuer/keys", poll_interval="1ms")
    verifier = verifier_of(one)
    now = time.time()
    lasting, spent = sign("usr_1", lifetime=900), sign("usr_1", lifetime=500)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        tasks = [asyncio.create_task(work) for work in watch(one, verifier, client)]
        await until(lambda: bool(verifier.keys.keys))
        assert verifier.verify(spent).subject == "usr_1"
        down = True
        for minute in range(1, 11):
            verifier.clock = lambda passed=minute: now + passed * 60
            seen = len(asked)
            await until(lambda seen=seen: len(asked) >= seen + 2)
            assert verifier.verify(lasting).subject == "usr_1"
        # As long ago, but never seen before: known keys judge new tokens too.
        assert verifier.verify(sign("usr_2", lifetime=900)).subject == "usr_2"
        with pytest.raises(UnauthenticatedError, match="expired"):
            verifier.verify(spent)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_file_of_keys_is_read_at_once_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(jwks()))
    one = entry(f"file:{file}", poll_interval="1ms")
    verifier = verifier_of(one)
    async with keys_kept([(one, verifier)]):
        first = verifier.keys.keys
        assert set(first) == {"test-key"}
        file.write_text("broken")
        await asyncio.sleep(0.01)
        assert verifier.keys.keys is first
        document = jwks()
        document["keys"][0]["kid"] = "next"
        file.write_text(json.dumps(document))
        await until(lambda: "next" in verifier.keys.keys)


@pytest.mark.parametrize("text", ["", "[]", '{"keys": []}', None])
def test_a_file_without_keys_refuses_to_start(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "keys.json"
    if text is not None:
        file.write_text(text)
    one = entry(f"file:{file}")
    with pytest.raises(ConfigurationError, match="the keys in file:"):
        read_keys(one, verifier_of(one).keys)
