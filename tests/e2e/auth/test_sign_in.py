from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from kit.identity import SCOPED, Kind
from tests.support.identity import ADDRESS, SIGN_IN, Desk, codes, cookie_of

PASSWORD = "correct horse battery"


async def counts(desk: Desk) -> list[int]:
    return await desk.column("SELECT count FROM sign_in_attempts ORDER BY key")


async def sessions(desk: Desk) -> list[str]:
    return await desk.column("SELECT id FROM sessions")


async def test_a_password_gets_a_token_with_the_rights_that_users_says(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD, "users:read", "tickets:read")
    signed_in = await desk.sign_in(who, deviceName="laptop")
    identity = desk.verifier.verify(signed_in["accessToken"])
    assert identity.subject == "usr_ada"
    assert identity.kind is Kind.USER
    assert identity.scopes == {"users:read", "tickets:read"}
    # What is held in one department is not here, only that there is something.
    assert identity.roles == {"agent", SCOPED}
    assert identity.session_id == signed_in["session"]["id"]
    assert identity.expires_at - identity.issued_at == 600
    assert signed_in["user"] == {"id": "usr_ada"}
    assert signed_in["session"]["deviceName"] == "laptop"
    assert signed_in["session"]["ipAddress"] == "192.0.2.1"
    assert signed_in["session"]["userAgent"] == "tests"


async def test_the_email_may_be_written_in_any_case(desk: Desk) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    loud = {**who, "email": f"  {who['email'].upper()} "}
    assert codes(await desk.sign_in(loud)) == []


async def test_auth_asks_with_a_token_that_reads_users_and_nothing_else(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD, "users:manage")
    await desk.sign_in(who)
    own = desk.verifier.identify(desk.people.tokens[0])
    assert (own.subject, own.kind) == ("auth", Kind.SERVICE)
    assert own.scopes == {"users:read", "permissions:read"}


async def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    wrong = await desk.sign_in({**who, "password": "another password"})
    unknown = await desk.sign_in({"email": "no@example.com", "password": PASSWORD})
    strange = await desk.sign_in({"email": "\x00", "password": "\x00" * 5000})
    assert codes(wrong) == ["INVALID_CREDENTIALS"]
    assert wrong == unknown == strange
    assert await sessions(desk) == []


@pytest.mark.parametrize("email", ["usr_ada@example.com", "no@example.com"])
async def test_known_or_not_an_email_costs_the_same_statements_and_one_hash(
    desk: Desk, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.account("usr_ada", PASSWORD)
    statements: list[str] = []
    hashes: list[str] = []
    verify: Callable[..., bool] = PasswordHasher.verify

    def counting(hasher: PasswordHasher, known: str, given: bytes) -> bool:
        hashes.append(known.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, known, given)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    desk.service.database.observe = statements.append
    await desk.sign_in({"email": email, "password": "not this one"})
    assert [text.split()[0] for text in statements] == ["INSERT", "SELECT"]
    assert hashes == ["$argon2id$v=19$m=47104,t=1,p=1"]


async def test_who_is_not_active_is_told_so_only_with_the_right_password(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    desk.people.known["usr_ada"]["active"] = False
    assert codes(await desk.sign_in(who)) == ["ACCOUNT_DISABLED"]
    wrong = await desk.sign_in({**who, "password": "another password"})
    assert codes(wrong) == ["INVALID_CREDENTIALS"]
    del desk.people.known["usr_ada"]
    assert codes(await desk.sign_in(who)) == ["ACCOUNT_DISABLED"]
    assert await sessions(desk) == []


async def test_while_users_is_away_nothing_is_begun_and_nothing_counted(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    desk.people.answers = False
    for _ in range(12):
        answer = (await desk.ask(SIGN_IN, {"input": who})).json()
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"] == {"code": "SUBGRAPH_UNAVAILABLE"}
    assert await sessions(desk) == []
    desk.people.answers = True
    assert codes(await desk.sign_in(who)) == []


async def test_the_eleventh_failure_in_a_quarter_of_an_hour_is_locked_out(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    wrong = {**who, "password": "another password"}
    for _ in range(10):
        assert codes(await desk.sign_in(wrong)) == ["INVALID_CREDENTIALS"]
    locked = await desk.sign_in(wrong)
    assert codes(locked) == ["LOCKED_OUT"]
    assert locked["userErrors"][0]["message"].endswith("in 15 minutes.")
    assert codes(await desk.sign_in(who)) == ["LOCKED_OUT"]  # the right one neither
    desk.clock.forward(minutes=15)
    assert codes(await desk.sign_in(who)) == []


async def test_an_email_without_an_account_is_locked_out_just_the_same(
    desk: Desk,
) -> None:
    nobody = {"email": "no@example.com", "password": PASSWORD}
    said = [codes(await desk.sign_in(nobody)) for _ in range(11)]
    assert said == [["INVALID_CREDENTIALS"]] * 10 + [["LOCKED_OUT"]]


async def test_success_takes_the_failures_back(desk: Desk) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    for _ in range(9):
        await desk.sign_in({**who, "password": "another password"})
    await desk.sign_in(who)
    assert await counts(desk) == [9]  # the address's; the account's is gone


async def test_an_address_that_fails_a_hundred_times_is_locked_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    monkeypatch.setattr("subgraphs.auth.service.throttle.PER_ADDRESS", 2)
    for name in ("one", "two"):
        await desk.sign_in({"email": f"{name}@example.com", "password": PASSWORD})
    assert codes(await desk.sign_in(who)) == ["LOCKED_OUT"]
    assert codes(await desk.sign_in(who, address="192.0.2.2")) == []


async def test_only_the_routers_header_says_where_a_request_comes_from(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    forged = {"x-forwarded-for": "198.51.100.7", "x-real-ip": "198.51.100.7"}
    data = await desk.data(SIGN_IN, {"input": who}, headers=forged)
    assert data["signIn"]["session"]["ipAddress"] is None
    broken = {ADDRESS: "'; DROP TABLE accounts"}
    data = await desk.data(SIGN_IN, {"input": who}, headers=broken)
    assert data["signIn"]["session"]["ipAddress"] is None


async def test_of_many_sign_ins_in_one_request_only_the_first_is_tried(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    guesses = [{**who, "password": f"guess {n}"} for n in range(5)] + [who]
    fields = "\n".join(
        f"g{n}: signIn(input: $g{n}) {{ accessToken userErrors {{ code }} }}"
        for n in range(len(guesses))
    )
    head = ", ".join(f"$g{n}: SignInInput!" for n in range(len(guesses)))
    data = await desk.data(
        f"mutation ({head}) {{ {fields} }}",
        {f"g{n}": guess for n, guess in enumerate(guesses)},
    )
    said = [codes(data[f"g{n}"]) for n in range(len(guesses))]
    assert said == [["INVALID_CREDENTIALS"]] + [["INVALID"]] * 5
    assert data["g5"]["accessToken"] is None
    assert await counts(desk) == [1]


async def test_a_browser_gets_its_refresh_token_where_no_script_can_read_it(
    desk: Desk,
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    answer = await desk.ask(SIGN_IN, {"input": who})
    assert answer.json()["data"]["signIn"]["refreshToken"] is None
    assert answer.headers["cache-control"] == "no-store"
    assert cookie_of(answer).startswith("hnr_")
    _, age, *attributes = answer.headers["set-cookie"].split("; ")
    assert int(age.removeprefix("Max-Age=")) == pytest.approx(7 * 86400, abs=60)
    assert attributes == ["Path=/graphql", "HttpOnly", "Secure", "SameSite=Strict"]
    other = await desk.ask(SIGN_IN, {"input": {**who, "deliver": "BODY"}})
    assert "set-cookie" not in other.headers
    assert other.json()["data"]["signIn"]["refreshToken"].startswith("hnr_")


async def test_nothing_that_proves_anything_is_kept_or_logged(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    who = await desk.account("usr_ada", PASSWORD)
    signed_in = await desk.sign_in(who)
    await desk.sign_in({**who, "password": "another password"})
    secrets = (PASSWORD, "another password", signed_in["refreshToken"])
    kept = ""
    for table in ("accounts", "sessions", "refresh_tokens", "sign_in_attempts"):
        kept += "".join(await desk.column(f"SELECT t::text FROM {table} t"))  # noqa: S608 - our own names
    output = "".join(capfd.readouterr())
    for secret in (*secrets, signed_in["accessToken"]):
        assert secret not in kept
        assert secret not in output
