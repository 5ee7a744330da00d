import asyncio
from typing import Any

from tests.support.house import House
from tests.support.subgraph import Subgraph

CREATE = """
mutation ($input: CreateUserInput!) {
  createUser(input: $input) { user { id name } userErrors { code } }
}
"""
HAL: dict[str, Any] = {
    "email": "hal@example.com",
    "name": "Hal Example",
    "idempotencyKey": "hal-1",
}


async def count(users: Subgraph, house: House) -> int:
    data = await users.data("{ users { totalCount } }", **house.reader())
    found: int = data["users"]["totalCount"]
    return found


async def test_five_that_arrive_together_have_one_effect_and_one_answer(
    users: Subgraph, house: House
) -> None:
    answers = await asyncio.gather(
        *(users.data(CREATE, {"input": HAL}, **house.admin()) for _ in range(5))
    )
    assert answers[0]["createUser"]["user"]["name"] == "Hal Example"
    assert answers == [answers[0]] * 5
    assert await count(users, house) == 8
    later = await users.data(CREATE, {"input": HAL}, **house.admin())
    assert later == answers[0]


async def test_the_key_is_the_callers_own(users: Subgraph, house: House) -> None:
    first = await users.data(CREATE, {"input": HAL}, **house.admin())
    other = {**house.admin(), "subject": house.people["ben"]}
    second = await users.data(CREATE, {"input": HAL}, **other)
    assert first["createUser"]["userErrors"] == []
    assert second["createUser"] == {"user": None, "userErrors": [{"code": "TAKEN"}]}


async def test_another_request_under_the_same_key_is_an_error(
    users: Subgraph, house: House
) -> None:
    await users.data(CREATE, {"input": HAL}, **house.admin())
    changed = HAL | {"email": "hal2@example.com"}
    for given in (changed, HAL | {"departmentId": None}):
        answer = await users.ask(CREATE, {"input": given}, **house.admin())
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["path"] == ["createUser"]
        assert "idempotencyKey" in error["message"]
    assert await count(users, house) == 8


async def test_what_was_rejected_may_be_mended_under_the_same_key(
    users: Subgraph, house: House
) -> None:
    broken = HAL | {"name": ""}
    answer = await users.data(CREATE, {"input": broken}, **house.admin())
    assert answer["createUser"]["userErrors"] == [{"code": "REQUIRED"}]
    answer = await users.data(CREATE, {"input": HAL}, **house.admin())
    assert answer["createUser"]["user"]["name"] == "Hal Example"


async def test_a_key_that_cannot_be_kept_is_refused(
    users: Subgraph, house: House
) -> None:
    for key in ("", "x" * 201, "a\u0000b", "a\nb"):
        given = {"input": HAL | {"idempotencyKey": key}}
        answer = await users.ask(CREATE, given, **house.admin())
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]
    assert await count(users, house) == 7
