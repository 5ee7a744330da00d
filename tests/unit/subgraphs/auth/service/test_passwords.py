import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters

from kit.errors import RateLimitedError, RejectedError
from subgraphs.auth.service.passwords import (
    NOBODY,
    Passwords,
    normal,
    random_password,
    refuse_weak,
)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(workers=1, waiting=2)
    yield made
    made.close()


async def test_a_password_is_right_and_any_other_is_wrong(passwords: Passwords) -> None:
    known = await passwords.hash("correct horse battery")
    assert await passwords.verify(known, "correct horse battery")
    assert not await passwords.verify(known, "correct horse battery ")
    assert not await passwords.verify(known, "")
    assert not await passwords.verify(None, "correct horse battery")


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("the same one") != await passwords.hash("the same one")


async def test_it_does_not_matter_how_accents_were_typed(passwords: Passwords) -> None:
    known = await passwords.hash("caf\u00e9 caf\u00e9 caf\u00e9")
    assert await passwords.verify(known, "cafe\u0301 cafe\u0301 cafe\u0301")


async def test_a_password_cut_at_the_limit_is_another(passwords: Passwords) -> None:
    known = await passwords.hash("x" * 256)
    assert await passwords.verify(known, "x" * 256)
    assert not await passwords.verify(known, "x" * 257)


async def test_the_hash_of_nobody_costs_what_every_hash_costs(
    passwords: Passwords,
) -> None:
    ours = extract_parameters(await passwords.hash("correct horse battery"))
    nobodys = extract_parameters(NOBODY)
    assert nobodys == ours
    assert (ours.memory_cost, ours.time_cost, ours.parallelism) == (47104, 1, 1)
    assert ours.type.name == "ID"


async def test_a_hash_with_other_costs_is_outdated(passwords: Passwords) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    assert passwords.outdated(cheap.hash("correct horse battery"))
    assert not passwords.outdated(await passwords.hash("correct horse battery"))


async def test_a_broken_hash_is_nobodys(passwords: Passwords) -> None:
    assert not await passwords.verify("not a hash", "correct horse battery")


async def test_past_the_queue_people_are_asked_to_come_back(
    passwords: Passwords,
) -> None:
    door = threading.Event()
    waiting = [asyncio.create_task(passwords._run(door.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(RateLimitedError) as caught:
        await passwords.hash("correct horse battery")
    assert caught.value.extensions == {"code": "RATE_LIMITED", "retryAfter": 2}
    door.set()
    await asyncio.gather(*waiting)
    assert await passwords.hash("correct horse battery")


def test_any_text_at_all_can_be_hashed() -> None:
    assert normal("\ud800\x00") == b"\xed\xa0\x80\x00"


def test_drawn_passwords_are_long_and_differ() -> None:
    drawn = {random_password() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(password) for password in drawn} == {20}
    for password in drawn:
        refuse_weak(password, "ada@example.com", [])


@pytest.mark.parametrize(
    "password",
    [
        "",
        "eleven char",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "Ada.Lovelace@x",
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(RejectedError) as caught:
        refuse_weak(password, "ada.lovelace@x", ["input", "newPassword"])
    assert caught.value.code.value == "INVALID"
    assert caught.value.path == ["input", "newPassword"]
    assert not password or password not in caught.value.message


@pytest.mark.parametrize("password", ["twelve chars", "correct horse battery"])
def test_length_counts_and_kinds_of_characters_do_not(password: str) -> None:
    refuse_weak(password, "ada@example.com", [])
