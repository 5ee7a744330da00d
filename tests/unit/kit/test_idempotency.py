from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import InvalidInputError
from kit.idempotency import check_key, fingerprint, given, idempotency_table, once


@dataclass
class Part:
    n: Any = UNSET


@dataclass
class Input:
    name: str = "Ada"
    manager: Any = UNSET
    parts: Any = UNSET


@pytest.mark.parametrize("key", ["a", "x" * 200, "é/1 2:3", "📦"])
def test_any_printable_key_will_do(key: str) -> None:
    check_key(key)


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\0", "\ud800", "\u200b"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 200 printable"):
        check_key(key)


def test_the_same_input_has_the_same_fingerprint() -> None:
    one = Input(parts=[Part(1), {"b": 2, "a": 1}])
    same = Input(parts=[Part(1), {"a": 1, "b": 2}])

    assert fingerprint("createUser", one) == fingerprint("createUser", same)


@pytest.mark.parametrize(
    "other",
    [
        ("updateUser", Input()),
        ("createUser", Input(name="Bob")),
        ("createUser", Input(manager=None)),
        ("createUser", Input(parts=[])),
        ("createUser", Input(parts=[Part()])),
    ],
)
def test_another_request_has_another_fingerprint(other: tuple[str, Input]) -> None:
    assert fingerprint(*other) != fingerprint("createUser", Input())


def test_what_was_not_given_does_not_count_however_deep() -> None:
    assert given(Input(parts=[Part(), Part(None)])) == {
        "name": "Ada",
        "parts": [{}, {"n": None}],
    }


def test_a_note_belongs_to_one_caller_and_one_key() -> None:
    table = idempotency_table(MetaData())

    assert [column.name for column in table.primary_key] == ["subject", "key"]


async def test_without_a_key_every_request_counts() -> None:
    done: list[str] = []

    async def work() -> str:
        done.append("done")
        return "usr_1"

    nowhere: Any = None
    session: AsyncSession = nowhere
    for _ in range(2):
        result = await once(
            session,
            idempotency_table(MetaData()),
            work,
            subject="usr_1",
            key=None,
            verb="createUser",
            body=Input(),
        )
        assert result == "usr_1"

    assert done == ["done", "done"]
