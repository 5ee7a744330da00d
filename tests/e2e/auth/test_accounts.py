from typing import Any

import pytest

from kit.errors import RejectedError
from subgraphs.auth.service import bootstrap_account
from tests.support.identity import Desk, codes

PASSWORD = "correct horse battery"
NEW = "a different password"

ISSUE = """
mutation Issue($id: ID!) {
  issuePassword(input: {userId: $id}) {
    user { id } password userErrors { code message path }
  }
}
"""
CHANGE = """
mutation Change($in: ChangePasswordInput!) {
  changePassword(input: $in) { user { id } userErrors { code message path } }
}
"""


async def issued(desk: Desk, token: str, user_id: str) -> dict[str, Any]:
    data = await desk.data(ISSUE, {"id": user_id}, token=token)
    found: dict[str, Any] = data["issuePassword"]
    return found


async def changed(desk: Desk, token: str, current: str, new: str) -> dict[str, Any]:
    given = {"in": {"currentPassword": current, "newPassword": new}}
    found: dict[str, Any] = (await desk.data(CHANGE, given, token=token))[
        "changePassword"
    ]
    return found


async def admin(desk: Desk, *more: str) -> str:
    who = await desk.account("usr_root", PASSWORD, "users:manage", *more)
    return (await desk.sign_in(who))["accessToken"]


async def test_the_first_account_gets_a_drawn_password_that_works(desk: Desk) -> None:
    desk.people.add("usr_ada", "users:read")
    database = desk.service.database
    password = await bootstrap_account(database, "usr_ada", "Usr_Ada@Example.com")
    assert len(password) == 20
    who = {"email": "usr_ada@example.com", "password": password}
    assert codes(await desk.sign_in(who)) == []
    again = await bootstrap_account(database, "usr_ada", "usr_ada@example.com")
    assert again != password
    assert codes(await desk.sign_in(who)) == ["INVALID_CREDENTIALS"]


async def test_no_two_accounts_have_one_email(desk: Desk) -> None:
    database = desk.service.database
    await bootstrap_account(database, "usr_ada", "ada@example.com")
    with pytest.raises(RejectedError, match="Another account"):
        await bootstrap_account(database, "usr_eve", "ADA@example.com")


async def test_an_admin_sets_up_an_account_with_the_email_that_users_knows(
    desk: Desk,
) -> None:
    token = await admin(desk, "tickets:read")
    desk.people.add("usr_ada", "tickets:read")
    made = await issued(desk, token, "usr_ada")
    assert made["user"] == {"id": "usr_ada"}
    who = {"email": "usr_ada@example.com", "password": made["password"]}
    assert codes(await desk.sign_in(who)) == []


async def test_a_new_password_ends_the_old_one_and_its_sessions(desk: Desk) -> None:
    token = await admin(desk)
    who = await desk.account("usr_ada", PASSWORD)
    before = await desk.sign_in(who)
    await issued(desk, token, "usr_ada")
    assert codes(await desk.sign_in(who)) == ["INVALID_CREDENTIALS"]
    assert codes(await desk.refresh(before["refreshToken"])) == ["TOKEN_EXPIRED"]


async def test_nobody_sets_the_password_of_somebody_who_may_do_more(
    desk: Desk,
) -> None:
    token = await admin(desk)
    who = await desk.account("usr_boss", PASSWORD, "users:manage", "roles:assign")
    refused = await issued(desk, token, "usr_boss")
    assert codes(refused) == ["FORBIDDEN"]
    assert refused["password"] is None
    assert codes(await desk.sign_in(who)) == []


async def test_only_active_users_get_a_password(desk: Desk) -> None:
    token = await admin(desk)
    desk.people.add("usr_ada")
    desk.people.known["usr_ada"]["active"] = False
    assert codes(await issued(desk, token, "usr_ada")) == ["ACCOUNT_DISABLED"]
    assert codes(await issued(desk, token, "usr_none")) == ["NOT_FOUND"]


async def test_without_the_permission_nobody_gets_a_password(desk: Desk) -> None:
    who = await desk.account("usr_ada", PASSWORD, "users:read")
    token = (await desk.sign_in(who))["accessToken"]
    answer = (await desk.ask(ISSUE, {"id": "usr_ada"}, token=token)).json()
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_changing_ones_password_ends_the_other_sessions(desk: Desk) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    here, there = await desk.sign_in(who), await desk.sign_in(who)
    done = await changed(desk, here["accessToken"], PASSWORD, NEW)
    assert done == {"user": {"id": "usr_ada"}, "userErrors": []}
    assert codes(await desk.sign_in(who)) == ["INVALID_CREDENTIALS"]
    assert codes(await desk.sign_in({**who, "password": NEW})) == []
    assert codes(await desk.refresh(there["refreshToken"])) == ["TOKEN_EXPIRED"]
    assert codes(await desk.refresh(here["refreshToken"])) == []


async def test_guessing_the_current_password_is_throttled_like_signing_in(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    token = (await desk.sign_in(who))["accessToken"]
    said = [codes(await changed(desk, token, f"guess {n}", NEW)) for n in range(11)]
    assert said == [["INVALID_CREDENTIALS"]] * 10 + [["LOCKED_OUT"]]
    assert codes(await desk.sign_in(who)) == ["LOCKED_OUT"]


@pytest.mark.parametrize("weak", ["short", "x" * 257, "a" * 20, "usr_ada@example.com"])
async def test_a_weak_password_is_refused_before_anything_is_counted(
    desk: Desk, weak: str
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    token = (await desk.sign_in(who))["accessToken"]
    for _ in range(11):
        assert codes(await changed(desk, token, PASSWORD, weak)) == ["INVALID"]
    assert codes(await desk.sign_in(who)) == []


async def test_a_service_account_has_no_password_to_change(desk: Desk) -> None:
    token = (await desk.authority.issue("sva_x", ["users:manage"])).text
    given = {"in": {"currentPassword": PASSWORD, "newPassword": NEW}}
    answer = (await desk.ask(CHANGE, given, token=token)).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_password_that_costs_less_than_todays_is_hashed_anew(
    desk: Desk,
) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415

    from subgraphs.auth.repository import accounts  # noqa: PLC0415

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    who = await desk.account("usr_ada", PASSWORD)
    async with desk.service.database.unit_of_work() as session:
        await accounts.put_account(
            session, "usr_ada", who["email"], cheap, desk.authority.now()
        )
    assert codes(await desk.sign_in(who)) == []
    row = await desk.service.database.row(accounts.ACCOUNT_BY_USER, user_id="usr_ada")
    assert row is not None
    assert row["password_hash"].startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert codes(await desk.sign_in(who)) == []
