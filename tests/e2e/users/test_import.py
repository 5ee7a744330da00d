"""People from a file: by the rules, row by row, and the same file again is nothing."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.house import House
from tests.support.subgraph import Subgraph

IMPORT = """
mutation ($in: ImportPeopleInput!) {
  importPeople(input: $in) {
    created updated unchanged failed
    rows { row email outcome user { name } problems { column code } }
    userErrors { code path }
  }
}
"""
EVERYBODY = """
{ users(first: 100) { nodes {
    email name active locale timeZone version department { code } manager { email }
    roles { role { key } } } } }
"""


async def take(
    users: Subgraph, house: House, text: str, by: Any = None, **given: Any
) -> dict[str, Any]:
    who = by or house.admin()
    data = await users.data(IMPORT, {"in": {"csv": text, **given}}, **who)
    return data["importPeople"]


async def everybody(users: Subgraph, house: House) -> dict[str, Any]:
    data = await users.data(EVERYBODY, **house.admin())
    return {node["email"]: node for node in data["users"]["nodes"]}


def problems(payload: dict[str, Any]) -> list[tuple[int, str | None, str]]:
    return [
        (row["row"], each["column"], each["code"])
        for row in payload["rows"]
        for each in row["problems"]
    ]


FILE = """email;name;department;manager;roles;locale;timeZone
HAL@example.com;Hal Example;IT;ida@example.com;requester, agent;en-GB;Europe/Berlin
ida@example.com;Ida Example;Operations;ben@example.com;;;
dot@example.com;Dot Example;SALES;;agent;;
"""


async def test_a_file_adds_and_changes_people_once(
    users: Subgraph, house: House
) -> None:
    before = await everybody(users, house)
    tried = await take(users, house, FILE, dryRun=True)
    counted = {"created": 2, "updated": 1, "unchanged": 0, "failed": 0}
    assert {name: tried[name] for name in counted} == counted
    assert [row["user"] for row in tried["rows"]][:2] == [None, None]
    assert await everybody(users, house) == before
    payload = await take(users, house, FILE)
    assert {name: payload[name] for name in counted} == counted
    assert [(row["row"], row["outcome"]) for row in payload["rows"]] == [
        (2, "CREATED"),
        (3, "CREATED"),
        (4, "UPDATED"),
    ]
    after = await everybody(users, house)
    hal, dot = after["hal@example.com"], after["dot@example.com"]
    assert hal == {
        "email": "hal@example.com",
        "name": "Hal Example",
        "active": True,
        "locale": "en-GB",
        "timeZone": "Europe/Berlin",
        "version": 1,
        "department": {"code": "IT"},
        "manager": {"email": "ida@example.com"},
        "roles": [{"role": {"key": "agent"}}, {"role": {"key": "requester"}}],
    }
    assert after["ida@example.com"]["roles"] == [{"role": {"key": "requester"}}]
    assert dot["department"] == {"code": "SALES"}
    assert dot["manager"] is None  # an empty cell is none
    assert dot["version"] == before["dot@example.com"]["version"] + 1
    again = await take(users, house, FILE)
    assert [row["outcome"] for row in again["rows"]] == ["UNCHANGED"] * 3
    assert await everybody(users, house) == after


async def test_rows_that_cannot_be_fail_by_themselves(
    users: Subgraph, house: House
) -> None:
    text = "\n".join(
        [
            "email,name,department,manager,roles,time zone,active",
            "good@example.com,Good,IT,,,,",
            "no address,Bad,IT,,,,",
            "b@example.com,,IT,,,,",
            "c@example.com,C,Nowhere,,,,",
            "d@example.com,D,,nobody@example.com,,,",
            "e@example.com,E,,,king,,",
            "f@example.com,F,,,,Mars/Olympus,",
            "g@example.com,G,,,,,perhaps",
            "good@example.com,Good Twin,IT,,,,",
            "h@example.com,H",
            'i@example.com,"I\u0007",,,,,',
            "j@example.com,J\ufffd,,,,,",
            "k@example.com,K,,b@example.com,,,",
            f"l@example.com,{'L' * 201},,,,,",
        ]
    )
    payload = await take(users, house, text)
    assert problems(payload) == [
        (3, "email", "INVALID"),
        (4, "name", "REQUIRED"),
        (5, "department", "NOT_FOUND"),
        (6, "manager", "NOT_FOUND"),
        (7, "roles", "NOT_FOUND"),
        (8, "timeZone", "INVALID"),
        (9, "active", "INVALID"),
        (10, "email", "TAKEN"),
        (11, None, "INVALID"),
        (12, "name", "INVALID"),
        (13, None, "INVALID"),
        (14, "manager", "NOT_FOUND"),
        (15, "name", "TOO_LONG"),
    ]
    assert (payload["created"], payload["failed"]) == (1, 13)
    known = await everybody(users, house)
    assert known["good@example.com"]["name"] == "Good"
    assert len(known) == 8


async def test_managers_are_looked_at_all_together(
    users: Subgraph, house: House
) -> None:
    circle = "email,name,manager\na@x.test,A,b@x.test\nb@x.test,B,a@x.test\n"
    assert problems(await take(users, house, circle)) == [
        (2, "manager", "CYCLE"),
        (3, "manager", "CYCLE"),
    ]
    up = "email,manager\nada@example.com,cem@example.com\n"
    assert problems(await take(users, house, up)) == [(2, "manager", "CYCLE")]
    own = "email,manager\nada@example.com,ada@example.com\n"
    assert problems(await take(users, house, own)) == [(2, "manager", "CYCLE")]
    # Ben managed Cem; the other way round there is no circle once both rows are taken.
    turned = (
        "email,manager\n"
        "ben@example.com,cem@example.com\n"
        "cem@example.com,ada@example.com\n"
    )
    payload = await take(users, house, turned)
    assert payload["updated"] == 2
    known = await everybody(users, house)
    assert known["ben@example.com"]["manager"] == {"email": "cem@example.com"}


async def test_a_dry_run_of_one_page_believes_who_another_one_adds(
    users: Subgraph, house: House
) -> None:
    text = "email,name,manager\nz@example.com,Z,boss@example.com\n"
    assert problems(await take(users, house, text, dryRun=True)) == [
        (2, "manager", "NOT_FOUND")
    ]
    there = ["boss@example.com"]
    payload = await take(users, house, text, dryRun=True, elsewhere=there)
    assert payload["created"] == 1
    payload = await take(users, house, text, elsewhere=there)
    assert problems(payload) == [(2, "manager", "NOT_FOUND")]


async def test_what_a_spreadsheet_would_run_stays_a_text(
    users: Subgraph, house: House
) -> None:
    name = '=HYPERLINK("http://evil.example","Ada")'
    quoted = name.replace('"', '""')
    text = f'email,name\n=cmd@example.com,"{quoted}"\n'
    payload = await take(users, house, text)
    assert payload["rows"][0]["user"] == {"name": name}


async def test_nobody_is_given_or_switched_beyond_what_the_caller_may(
    users: Subgraph, house: House
) -> None:
    clerk = {
        "subject": house.people["fay"],
        "scopes": ["users:read", "users:manage", "roles:assign"],
    }
    text = (
        "email,roles,active\n"
        "dot@example.com,admin,\n"
        "ada@example.com,,false\n"
        "dot@example.com,,\n"
    )
    payload = await take(users, house, text, clerk)
    assert problems(payload) == [
        (2, "roles", "FORBIDDEN"),
        (3, "active", "FORBIDDEN"),
        (4, "email", "TAKEN"),
    ]
    last = "email,active\nada@example.com,no\n"
    assert problems(await take(users, house, last)) == [(2, "active", "LAST_ADMIN")]
    reader = {"subject": house.people["dot"], "scopes": ["users:read"]}
    answer = await users.ask(IMPORT, {"in": {"csv": "email\n"}}, **reader)
    codes = [e["code"] for e in answer["data"]["importPeople"]["userErrors"]]
    assert codes == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "REQUIRED"),
        ("name\nAda\n", "REQUIRED"),
        ("email,shoe size\n", "INVALID"),
        ("email,email\n", "INVALID"),
        ('email,name\n"a@example.com,A\n', "INVALID"),
        ("email\n" + "a@example.com\n" * 501, "TOO_LONG"),
    ],
)
async def test_a_file_that_is_none_is_refused_whole(
    users: Subgraph, house: House, text: str, code: str
) -> None:
    payload = await take(users, house, text)
    assert payload["rows"] == []
    assert payload["userErrors"] == [{"code": code, "path": ["input", "csv"]}]


async def test_a_full_page_has_five_hundred_rows(users: Subgraph, house: House) -> None:
    rows = [f"p{n}@example.com,P {n},IT,p{n // 2}@example.com" for n in range(1, 500)]
    text = "\n".join(
        ["\ufeffemail,name,department,manager", "p0@example.com,P 0,IT,", *rows]
    )
    payload = await take(users, house, text, idempotencyKey=new_id("key"))
    assert (payload["created"], payload["failed"]) == (500, 0)
