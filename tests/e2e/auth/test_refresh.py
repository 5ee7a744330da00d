import asyncio

from kit.errors import UnauthenticatedError
from kit.identity import SCOPED
from subgraphs.auth.service.upkeep import read_feed
from tests.support.identity import REFRESH, SIGN_IN, Desk, codes, cookie_of

PASSWORD = "correct horse battery"


async def signed_in(desk: Desk, *permissions: str) -> dict[str, str]:
    who = await desk.account("usr_ada", PASSWORD, *permissions)
    return await desk.sign_in(who)


def refused(desk: Desk, token: str) -> bool:
    try:
        desk.verifier.verify(token)
    except UnauthenticatedError:
        return True
    return False


async def revoked(desk: Desk) -> list[str]:
    feed = await read_feed(desk.authority, 0)
    return [entry["who"] for entry in feed["revoked"]]


async def test_each_refresh_token_is_another_and_the_session_stays(desk: Desk) -> None:
    first = await signed_in(desk)
    second = await desk.refresh(first["refreshToken"])
    third = await desk.refresh(second["refreshToken"])
    tokens = {turn["refreshToken"] for turn in (first, second, third)}
    assert len(tokens) == 3
    sessions = {
        desk.verifier.verify(turn["accessToken"]).session_id
        for turn in (first, second, third)
    }
    assert len(sessions) == 1


async def test_a_refresh_brings_the_rights_of_today(desk: Desk) -> None:
    first = await signed_in(desk, "tickets:read")
    desk.people.add("usr_ada", "tickets:read", "tickets:work", role="admin")
    second = await desk.refresh(first["refreshToken"])
    identity = desk.verifier.verify(second["accessToken"])
    assert identity.scopes == {"tickets:read", "tickets:work"}
    assert identity.roles == {"admin", SCOPED}


async def test_a_used_token_that_comes_back_ends_the_whole_session(desk: Desk) -> None:
    first = await signed_in(desk)
    second = await desk.refresh(first["refreshToken"])
    desk.clock.forward(seconds=11)
    assert codes(await desk.refresh(first["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert codes(await desk.refresh(second["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert refused(desk, second["accessToken"])
    assert await revoked(desk) == [
        desk.authority.verifier._read(first["accessToken"]).session_id
    ]


async def test_within_ten_seconds_a_used_token_is_taken_for_the_same_session(
    desk: Desk,
) -> None:
    first = await signed_in(desk)
    desk.clock.forward(minutes=5)
    lost = await desk.refresh(first["refreshToken"])  # the answer got lost
    desk.clock.forward(seconds=9)
    again = await desk.refresh(first["refreshToken"])
    assert codes(again) == []
    assert again["refreshToken"] != lost["refreshToken"]
    one, other = (
        desk.verifier.verify(turn["accessToken"]).session_id for turn in (lost, again)
    )
    assert one == other
    assert await revoked(desk) == []


async def test_two_who_go_on_from_one_token_do_not_go_far(desk: Desk) -> None:
    first = await signed_in(desk)
    owner = await desk.refresh(first["refreshToken"])
    thief = await desk.refresh(first["refreshToken"])  # within the grace
    desk.clock.forward(minutes=9)
    assert codes(await desk.refresh(owner["refreshToken"])) == []
    desk.clock.forward(minutes=1)
    assert codes(await desk.refresh(thief["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert len(await revoked(desk)) == 1


async def test_a_token_two_generations_old_is_a_copy_at_any_time(desk: Desk) -> None:
    first = await signed_in(desk)
    second = await desk.refresh(first["refreshToken"])
    await desk.refresh(second["refreshToken"])
    assert codes(await desk.refresh(first["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert len(await revoked(desk)) == 1


async def test_eight_refreshes_at_once_with_one_token_begin_one_generation(
    desk: Desk,
) -> None:
    first = await signed_in(desk)
    turns = await asyncio.gather(
        *(desk.refresh(first["refreshToken"]) for _ in range(8))
    )
    assert [codes(turn) for turn in turns] == [[]] * 8
    assert await desk.column("SELECT generation FROM sessions") == [2]
    assert await revoked(desk) == []


async def test_unknown_expired_and_missing_tokens_get_one_answer(desk: Desk) -> None:
    first = await signed_in(desk)
    unknown = await desk.refresh("hnr_made_up")
    missing = await desk.refresh(None)
    desk.clock.forward(days=8)
    expired = await desk.refresh(first["refreshToken"])
    assert codes(unknown) == ["TOKEN_EXPIRED"]
    assert unknown == missing == expired


async def test_a_session_ends_after_thirty_days_however_often_it_is_refreshed(
    desk: Desk,
) -> None:
    token = (await signed_in(desk))["refreshToken"]
    for _ in range(5):
        desk.clock.forward(days=6, seconds=-5)
        token = (await desk.refresh(token))["refreshToken"]
    desk.clock.forward(minutes=1)
    assert codes(await desk.refresh(token)) == ["TOKEN_EXPIRED"]


async def test_who_was_deactivated_cannot_refresh_and_is_out_everywhere(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    phone, laptop = await desk.sign_in(who), await desk.sign_in(who)
    desk.people.known["usr_ada"]["active"] = False
    assert codes(await desk.refresh(phone["refreshToken"])) == ["ACCOUNT_DISABLED"]
    desk.people.known["usr_ada"]["active"] = True
    assert codes(await desk.refresh(laptop["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert refused(desk, laptop["accessToken"])


async def test_while_users_is_away_the_token_stays_good(desk: Desk) -> None:
    first = await signed_in(desk)
    desk.people.answers = False
    given = {"input": {"refreshToken": first["refreshToken"]}}
    answer = (await desk.ask(REFRESH, given)).json()
    assert answer["errors"][0]["extensions"] == {"code": "SUBGRAPH_UNAVAILABLE"}
    desk.clock.forward(minutes=5)
    desk.people.answers = True
    assert codes(await desk.refresh(first["refreshToken"])) == []
    assert await revoked(desk) == []


async def test_a_browser_refreshes_by_cookie_and_gets_the_next_one_as_a_cookie(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    first = cookie_of(await desk.ask(SIGN_IN, {"input": who}))
    cookie = {"cookie": f'broken; theme={{"a":1}}; helpnest_refresh={first}; x=y'}
    answer = await desk.ask(REFRESH, {"input": {}}, headers=cookie)
    payload = answer.json()["data"]["refreshSession"]
    assert codes(payload) == []
    assert payload["refreshToken"] is None
    assert cookie_of(answer) not in {"", first}


async def test_a_cookie_that_is_no_longer_good_is_taken_from_the_browser(
    desk: Desk,
) -> None:
    headers = {"cookie": "helpnest_refresh=hnr_old"}
    answer = await desk.ask(REFRESH, {"input": {}}, headers=headers)
    assert codes(answer.json()["data"]["refreshSession"]) == ["TOKEN_EXPIRED"]
    assert cookie_of(answer) == ""
    assert "Max-Age=0" in answer.headers["set-cookie"]
