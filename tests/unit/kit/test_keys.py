import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import structlog

from kit.errors import UnauthenticatedError
from kit.keys import KeyPoller, read_feed
from kit.tokens import TokenVerifier
from tests.support.tokens import AUDIENCE, ISSUER, jwks, sign, verifier

KEYS, FEED = "http://auth/keys", "http://auth/feed"


class Issuer:
    """What auth publishes; a test changes it, or takes it away."""

    def __init__(self) -> None:
        self.keys: object = jwks()
        self.feed: object = {"last": 0, "revoked": []}
        self.there = True
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if not self.there:
            raise httpx.ConnectError("nobody there")
        found = self.keys if request.url.path == "/keys" else self.feed
        if isinstance(found, bytes):
            return httpx.Response(200, content=found)
        return httpx.Response(200, json=found)


def poller(issuer: Issuer, by: TokenVerifier | None = None) -> KeyPoller:
    client = httpx.AsyncClient(transport=httpx.MockTransport(issuer))
    return KeyPoller(by or TokenVerifier(ISSUER, AUDIENCE), client, KEYS, FEED)


async def settled(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_published_keys_are_believed() -> None:
    polled = poller(Issuer())
    await polled.fetch_keys()
    assert polled.verifier.verify(sign("usr_1")).subject == "usr_1"


async def test_while_the_issuer_is_away_known_keys_stay_good() -> None:
    issuer = Issuer()
    polled = poller(issuer)
    await polled.fetch_keys()
    issuer.there = False
    with pytest.raises(httpx.ConnectError):
        await polled.fetch_keys()
    assert polled.verifier.verify(sign("usr_1")).subject == "usr_1"


@pytest.mark.parametrize("keys", [{}, {"keys": []}, [], None, b"<html>", b"\xff"])
async def test_a_bad_answer_does_not_replace_good_keys(keys: object) -> None:
    issuer = Issuer()
    polled = poller(issuer, verifier())
    issuer.keys = keys
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of them it is
        await polled.fetch_keys()
    assert polled.verifier.verify(sign("usr_1")).subject == "usr_1"


async def test_each_look_asks_for_what_is_new_since_the_last() -> None:
    issuer = Issuer()
    polled = poller(issuer, verifier())
    now = int(polled.verifier.clock())
    issuer.feed = {"last": 7, "revoked": [{"who": "ses_1", "notBefore": now + 60}]}
    await polled.fetch_revocations()
    await polled.fetch_revocations()
    assert issuer.asked == [f"{FEED}?after=0", f"{FEED}?after=7"]
    with pytest.raises(UnauthenticatedError, match="revoked"):
        polled.verifier.verify(sign("usr_1", session="ses_1"))


async def test_what_concerns_only_expired_tokens_is_not_remembered() -> None:
    issuer = Issuer()
    polled = poller(issuer)
    now = int(polled.verifier.clock())
    issuer.feed = {
        "last": 2,
        "revoked": [
            {"who": "long ago", "notBefore": now - 3700},
            {"who": "just now", "notBefore": now},
        ],
    }
    await polled.fetch_revocations()
    assert list(polled.verifier.revocations.not_before) == ["just now"]


@pytest.mark.parametrize(
    "feed",
    [
        None,
        [],
        {},
        {"last": 1},
        {"last": "x", "revoked": []},
        {"last": 1, "revoked": [{}]},
        {"last": 1, "revoked": ["ses_1"]},
        {"last": 1, "revoked": [{"who": "ses_1", "notBefore": "soon"}]},
        {"last": 1, "revoked": [{"who": "ses_1"}]},
        b"nonsense",
    ],
)
async def test_a_malformed_feed_is_asked_for_again_and_nothing_of_it_counts(
    feed: object,
) -> None:
    issuer = Issuer()
    polled = poller(issuer)
    issuer.feed = feed
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of them it is
        await polled.fetch_revocations()
    assert polled.verifier.revocations.not_before == {}
    assert polled._seen == 0


def test_half_a_feed_is_none() -> None:
    half: Any = {"last": 2, "revoked": [{"who": "ses_1", "notBefore": 1}, {}]}
    with pytest.raises(KeyError):
        read_feed(half)


async def test_polling_goes_on_when_looks_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.keys.RETRY_FIRST", 0.01)
    monkeypatch.setattr("kit.keys.REVOCATIONS_EVERY", 0.01)
    issuer = Issuer()
    issuer.there = False
    polled = poller(issuer)
    async with polled.running():
        await settled(lambda: len(issuer.asked) > 4)
        assert polled.verifier.keys.keys == {}
        issuer.there, issuer.feed = True, {"last": "nonsense"}
        await settled(lambda: polled.verifier.keys.keys != {})
        issuer.feed = {"last": 3, "revoked": []}
        await settled(lambda: polled._seen == 3)


async def test_polling_goes_on_after_an_error_of_our_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kit.keys.KEYS_EVERY", 0.01)
    monkeypatch.setattr("kit.keys.REVOCATIONS_EVERY", 0.01)
    issuer = Issuer()
    answer = issuer.keys
    issuer.keys = object()  # json knows no such thing: a TypeError on the way
    polled = poller(issuer)
    with structlog.testing.capture_logs() as lines:
        async with polled.running():
            await settled(lambda: any(lines))
            issuer.keys = answer
            await settled(lambda: polled.verifier.keys.keys != {})

    assert {line["event"] for line in lines} == {"issuer.unexpected"}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_service_starts_without_waiting_for_its_issuer() -> None:
    issuer = Issuer()
    issuer.there = False
    async with asyncio.timeout(1), poller(issuer).running():
        assert issuer.asked == []
