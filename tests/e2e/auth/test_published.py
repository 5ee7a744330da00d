import asyncio
from typing import Any

import httpx
import pytest

from kit.errors import UnauthenticatedError
from kit.keys import KeyPoller
from kit.tokens import TokenVerifier
from subgraphs.auth.models import EndReason
from subgraphs.auth.repository import keys
from subgraphs.auth.service import sessions
from subgraphs.auth.service.upkeep import Upkeep
from tests.support.identity import Desk

FEED = "/auth/revocations"


async def feed(desk: Desk, after: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = (await desk.http.get(FEED, params={"after": after})).json()
    return found


async def publish(desk: Desk, *who: str, not_before: int = 100) -> None:
    async with desk.service.database.unit_of_work() as session:
        await keys.publish_revocations(
            session, dict.fromkeys(who, not_before), desk.authority.now()
        )


async def test_the_feed_tells_each_follower_what_is_new_to_it(desk: Desk) -> None:
    assert await feed(desk) == {"last": 0, "revoked": []}
    await publish(desk, "ses_1")
    first = await feed(desk)
    assert first == {"last": 1, "revoked": [{"who": "ses_1", "notBefore": 100}]}
    await publish(desk, "usr_2", not_before=200)
    assert await feed(desk, 1) == {
        "last": 2,
        "revoked": [{"who": "usr_2", "notBefore": 200}],
    }
    assert await feed(desk, 2) == {"last": 2, "revoked": []}


async def test_a_follower_of_another_database_is_told_everything(desk: Desk) -> None:
    await publish(desk, "ses_1")
    assert (await feed(desk, 999))["last"] == 1


async def test_the_feed_refuses_what_is_no_number(desk: Desk) -> None:
    for after in ("-1", "x", "9" * 30):
        answer = await desk.http.get(FEED, params={"after": after})
        assert answer.status_code == 422


async def test_old_entries_go_and_the_count_stays(desk: Desk) -> None:
    await publish(desk, "ses_1")
    await publish(desk, "ses_2")
    desk.clock.forward(hours=2)
    await Upkeep(desk.authority).prune()
    assert [e["who"] for e in (await feed(desk))["revoked"]] == ["ses_2"]
    await publish(desk, "ses_3")
    assert (await feed(desk, 2))["last"] == 3


async def test_numbers_are_seen_in_their_order_whoever_commits_first(
    desk: Desk,
) -> None:
    database, entered = desk.service.database, asyncio.Event()

    async def slow() -> None:
        async with database.unit_of_work() as session:
            now = desk.authority.now()
            await keys.publish_revocations(session, {"ses_slow": 1}, now)
            entered.set()
            await asyncio.sleep(0.3)

    async def quick() -> int:
        await entered.wait()
        await publish(desk, "ses_quick")
        last: int = (await feed(desk))["last"]
        return last

    _, seen = await asyncio.gather(slow(), quick())
    assert seen == 2
    assert [e["who"] for e in (await feed(desk))["revoked"]] == [
        "ses_slow",
        "ses_quick",
    ]


async def test_another_service_follows_keys_and_feed_with_the_kits_own_poller(
    desk: Desk,
) -> None:
    token = (await desk.authority.issue("usr_ada", [], session_id="ses_1")).text
    theirs = TokenVerifier("helpnest", "helpnest")
    poller = KeyPoller(
        theirs,
        desk.http,
        "http://auth/auth/.well-known/jwks.json",
        "http://auth/auth/revocations",
    )
    await poller.fetch_keys()
    await poller.fetch_revocations()
    assert theirs.verify(token).session_id == "ses_1"
    await publish(desk, "ses_1", not_before=sessions.not_again(desk.authority))
    await poller.fetch_revocations()
    with pytest.raises(UnauthenticatedError, match="revoked"):
        theirs.verify(token)


async def test_two_processes_of_auth_hear_of_each_others_revocations(
    desk: Desk,
) -> None:
    token = (await desk.authority.issue("usr_ada", [], session_id="ses_1")).text
    await publish(desk, "ses_1", not_before=sessions.not_again(desk.authority))
    assert desk.verifier.verify(token).subject == "usr_ada"
    await Upkeep(desk.authority).hear_revocations()
    with pytest.raises(UnauthenticatedError, match="revoked"):
        desk.verifier.verify(token)


async def test_what_goes_wrong_once_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgraphs.auth.service.upkeep.FOLLOW_EVERY", 0.01)
    upkeep, looks = Upkeep(desk.authority), 0

    async def broken() -> None:
        nonlocal looks
        looks += 1
        raise httpx.ConnectError("away")

    monkeypatch.setattr(Upkeep, "follow_rights", lambda _: broken())
    async with upkeep.running():
        await asyncio.sleep(0.2)
    assert looks > 1


async def test_ended_sessions_of_long_ago_are_deleted_with_their_tokens(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", "correct horse battery")
    await desk.sign_in(who)
    await sessions.end(desk.authority, EndReason.REVOKED, user_id="usr_ada")
    desk.clock.forward(days=38)
    await Upkeep(desk.authority).prune()
    for table in ("sessions", "refresh_tokens", "sign_in_attempts"):
        assert await desk.column(f"SELECT 1 FROM {table}") == []  # noqa: S608 - our own names
