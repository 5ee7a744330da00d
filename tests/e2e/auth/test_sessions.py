from typing import Any

import pytest

from kit.errors import UnauthenticatedError
from kit.identity import SCOPED
from subgraphs.auth.service.upkeep import Upkeep
from tests.support.identity import SIGN_IN, Desk, codes, cookie_of

PASSWORD = "correct horse battery"
MANAGE = "sessions:manage"

SIGN_OUT = "mutation { signOut { signedOutSessionId userErrors { code } } }"
REVOKE = """
mutation Revoke($id: ID!) {
  revokeSession(input: {id: $id}) { revokedId userErrors { code path } }
}
"""
REVOKE_ALL = """
mutation RevokeAll($id: ID!) {
  revokeSessions(input: {userId: $id}) { revokedIds userErrors { code path } }
}
"""
SESSIONS = """
query Sessions($of: [_Any!]!) {
  _entities(representations: $of) { ... on User { sessions { id current } } }
}
"""


def users(*ids: str) -> dict[str, object]:
    return {"of": [{"__typename": "User", "id": each} for each in ids]}


async def two_devices(desk: Desk, user: str, *permissions: str) -> list[dict[str, Any]]:
    who = await desk.account(user, PASSWORD, *permissions)
    return [await desk.sign_in(who), await desk.sign_in(who)]


async def test_who_signed_in_sees_the_session_and_the_others(desk: Desk) -> None:
    first, second = await two_devices(desk, "usr_ada")
    token = second["accessToken"]
    data = await desk.data("{ session { id current userAgent } }", token=token)
    mine = second["session"]["id"]
    assert data["session"] == {"id": mine, "current": True, "userAgent": "tests"}
    listed = await desk.data(SESSIONS, users("usr_ada"), token=token)
    assert listed["_entities"][0]["sessions"] == [
        {"id": mine, "current": True},
        {"id": first["session"]["id"], "current": False},
    ]


async def test_nobody_sees_anybody_elses_sessions_without_the_permission(
    desk: Desk,
) -> None:
    await two_devices(desk, "usr_ada")
    ben, _ = await two_devices(desk, "usr_ben")
    root, _ = await two_devices(desk, "usr_root", MANAGE)
    query, of = SESSIONS, users("usr_ada", "usr_ben")
    seen = await desk.data(query, of, token=ben["accessToken"])
    assert [
        None if each["sessions"] is None else len(each["sessions"])
        for each in seen["_entities"]
    ] == [None, 2]
    seen = await desk.data(query, of, token=root["accessToken"])
    assert [len(each["sessions"]) for each in seen["_entities"]] == [2, 2]


async def test_ten_peoples_sessions_are_one_statement(desk: Desk) -> None:
    root, _ = await two_devices(desk, "usr_root", MANAGE)
    statements: list[str] = []
    desk.service.database.observe = statements.append
    of = users(*(f"usr_{n}" for n in range(10)))
    await desk.data(SESSIONS, of, token=root["accessToken"])
    assert len(statements) == 1


async def test_after_signing_out_neither_token_is_good(desk: Desk) -> None:
    first, second = await two_devices(desk, "usr_ada")
    answer = await desk.ask(SIGN_OUT, token=first["accessToken"])
    payload = answer.json()["data"]["signOut"]
    assert payload == {
        "signedOutSessionId": first["session"]["id"],
        "userErrors": [],
    }
    assert cookie_of(answer) == ""
    assert (await desk.ask(SIGN_OUT, token=first["accessToken"])).status_code == 401
    assert codes(await desk.refresh(first["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert codes(await desk.refresh(second["refreshToken"])) == []


async def test_a_token_refreshed_at_the_moment_of_signing_out_is_refused_too(
    desk: Desk,
) -> None:
    first, _ = await two_devices(desk, "usr_ada")
    second = await desk.refresh(first["refreshToken"])
    await desk.data(SIGN_OUT, token=first["accessToken"])
    with pytest.raises(UnauthenticatedError):
        desk.verifier.verify(second["accessToken"])


async def test_a_service_account_has_no_session_to_see_or_leave(desk: Desk) -> None:
    token = (await desk.authority.issue("sva_x", ["users:read"])).text
    data = await desk.data("{ session { id } }", token=token)
    assert data == {"session": None}
    answer = (await desk.ask(SIGN_OUT, token=token)).json()
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_ones_own_session_can_be_ended_from_another_device(desk: Desk) -> None:
    first, second = await two_devices(desk, "usr_ada")
    lost = {"id": first["session"]["id"]}
    data = await desk.data(REVOKE, lost, token=second["accessToken"])
    assert data["revokeSession"] == {"revokedId": lost["id"], "userErrors": []}
    assert codes(await desk.refresh(first["refreshToken"])) == ["TOKEN_EXPIRED"]
    again = await desk.data(REVOKE, lost, token=second["accessToken"])
    assert codes(again["revokeSession"]) == ["NOT_FOUND"]


async def test_another_persons_session_looks_like_none_at_all(desk: Desk) -> None:
    ada, _ = await two_devices(desk, "usr_ada")
    ben, _ = await two_devices(desk, "usr_ben")
    token = ben["accessToken"]
    theirs = await desk.data(REVOKE, {"id": ada["session"]["id"]}, token=token)
    made_up = await desk.data(REVOKE, {"id": "ses_made_up"}, token=token)
    assert codes(theirs["revokeSession"]) == ["NOT_FOUND"]
    assert theirs == made_up
    all_of_ada = await desk.data(REVOKE_ALL, {"id": "usr_ada"}, token=token)
    assert codes(all_of_ada["revokeSessions"]) == ["NOT_FOUND"]
    assert codes(await desk.refresh(ada["refreshToken"])) == []


async def test_all_sessions_of_somebody_can_be_ended_with_the_permission(
    desk: Desk,
) -> None:
    devices = await two_devices(desk, "usr_ada")
    root, _ = await two_devices(desk, "usr_root", MANAGE)
    data = await desk.data(REVOKE_ALL, {"id": "usr_ada"}, token=root["accessToken"])
    ended = sorted(data["revokeSessions"]["revokedIds"])
    assert ended == sorted(device["session"]["id"] for device in devices)
    for device in devices:
        assert codes(await desk.refresh(device["refreshToken"])) == ["TOKEN_EXPIRED"]


async def test_who_is_deactivated_is_out_at_the_next_look(desk: Desk) -> None:
    ada, _ = await two_devices(desk, "usr_ada")
    ben, _ = await two_devices(desk, "usr_ben")
    desk.people.known["usr_ada"]["active"] = False
    await Upkeep(desk.authority).follow_rights()
    with pytest.raises(UnauthenticatedError, match="revoked"):
        desk.verifier.verify(ada["accessToken"])
    assert codes(await desk.refresh(ada["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert desk.verifier.verify(ben["accessToken"]).subject == "usr_ben"


async def test_who_loses_a_role_is_refused_until_a_refresh_brings_the_new_rights(
    desk: Desk,
) -> None:
    ada, _ = await two_devices(desk, "usr_ada", "tickets:read", "users:manage")
    desk.people.add("usr_ada", "tickets:read", role="requester")
    look = Upkeep(desk.authority).follow_rights
    await look()
    with pytest.raises(UnauthenticatedError, match="revoked"):
        desk.verifier.verify(ada["accessToken"])
    fresh = await desk.refresh(ada["refreshToken"])  # within the same second
    assert desk.verifier.verify(fresh["accessToken"]).scopes == {"tickets:read"}
    await look()
    roles = desk.verifier.verify(fresh["accessToken"]).roles
    assert roles == {"requester", SCOPED}


async def test_rights_that_change_twice_in_a_second_are_taken_back_twice(
    desk: Desk,
) -> None:
    turn = (await two_devices(desk, "usr_ada", "a:a"))[0]
    for scope in ("b:b", "c:c"):
        desk.people.add("usr_ada", scope)
        await Upkeep(desk.authority).follow_rights()
        with pytest.raises(UnauthenticatedError, match="revoked"):
            desk.verifier.verify(turn["accessToken"])
        turn = await desk.refresh(turn["refreshToken"])
        assert desk.verifier.verify(turn["accessToken"]).scopes == {scope}


async def test_many_peoples_rights_are_asked_for_within_the_routers_cost_limit(
    desk: Desk,
) -> None:
    everyone = [f"usr_{n:03}" for n in range(150)]
    async with desk.service.database.engine.begin() as connection:
        for user in everyone:
            desk.people.add(user, "tickets:read")
            await connection.exec_driver_sql(
                "INSERT INTO accounts VALUES ($1::text, $1, '-', now(), now())", (user,)
            )
            await connection.exec_driver_sql(
                "INSERT INTO sessions VALUES ($1, $2, 1, now(), now(), now(), now(), "
                "NULL, NULL, NULL, NULL, NULL, '{tickets:read}', '{agent}')",
                (user.replace("usr", "ses"), user),
            )
    gone = {everyone[0], everyone[99], everyone[149]}
    for user in gone:
        desk.people.known[user]["active"] = False
    await Upkeep(desk.authority).follow_rights()
    asked = [len(body["variables"]["ids"]) for body in desk.people.asked]
    assert asked == [40, 40, 40, 30]
    ended = "SELECT user_id FROM sessions WHERE end_reason = 'DISABLED'"
    assert set(await desk.column(ended)) == gone


async def test_while_nobodys_tokens_live_users_is_not_asked(desk: Desk) -> None:
    await two_devices(desk, "usr_ada")
    desk.people.asked.clear()
    await Upkeep(desk.authority).follow_rights()
    assert len(desk.people.asked) == 1
    desk.clock.forward(minutes=11)
    await Upkeep(desk.authority).follow_rights()
    assert len(desk.people.asked) == 1


async def test_while_users_is_away_nobody_is_put_out(desk: Desk) -> None:
    ada, _ = await two_devices(desk, "usr_ada")
    desk.people.answers = False
    await Upkeep(desk.authority).follow_rights()
    assert desk.verifier.verify(ada["accessToken"]).subject == "usr_ada"


async def test_only_signing_in_and_refreshing_are_open_to_strangers(desk: Desk) -> None:
    await desk.account("usr_ada", PASSWORD)
    data = await desk.data("{ authProviders { key kind displayName } }")
    assert data["authProviders"] == [
        {"key": "password", "kind": "PASSWORD", "displayName": "Password"}
    ]
    for query in ("{ session { id } }", "{ serviceAccounts { id } }", SIGN_OUT):
        assert (await desk.ask(query)).status_code == 401
    both = SIGN_IN.replace("signIn(", "signOut { userErrors { code } } signIn(")
    answer = await desk.ask(both, {"input": {"email": "a@b", "password": "x"}})
    assert answer.status_code == 401
