import asyncio

from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import (
    CREATE,
    UPDATE,
    change,
    refused,
)


async def test_a_person_is_added_as_a_requester(users: Subgraph, house: House) -> None:
    given = {
        "email": "Hal@Example.com",
        "name": " Hal Example ",
        "departmentId": house.departments["operations"],
        "managerId": house.people["cem"],
        "locale": "de-AT",
        "timeZone": "Europe/Vienna",
    }
    payload = await change(users, CREATE, given, **house.admin())
    user = payload["user"]
    assert user.pop("id").startswith("usr_")
    assert payload == {
        "user": {
            "email": "hal@example.com",
            "name": "Hal Example",
            "active": True,
            "locale": "de-AT",
            "timeZone": "Europe/Vienna",
            "version": 1,
            "permissions": ["tickets:read", "tickets:write", "users:read"],
            "department": {"code": "OPERATIONS"},
            "manager": {"name": "Cem Example"},
            "roles": [{"role": {"key": "requester"}, "scope": "GLOBAL"}],
        },
        "userErrors": [],
    }


async def test_absent_is_unchanged_and_null_clears(
    users: Subgraph, house: House
) -> None:
    cem = house.people["cem"]
    given = {"id": cem, "managerId": None, "locale": "fr"}
    payload = await change(users, UPDATE, given, **house.admin())
    assert payload == {
        "user": {
            "name": "Cem Example",
            "version": 2,
            "active": True,
            "locale": "fr",
            "department": {"code": "IT"},
            "manager": None,
        },
        "userErrors": [],
    }
    again = await change(users, UPDATE, given, **house.admin())
    assert again["user"]["version"] == 2  # nothing changed, so it is the same version


async def test_people_change_their_own_language_and_nothing_else(
    users: Subgraph, house: House
) -> None:
    dot = house.people["dot"]
    own = await change(users, UPDATE, {"id": dot, "locale": "tr"}, **house.nobody())
    assert (own["user"]["locale"], own["userErrors"]) == ("tr", [])
    for field, value in (("name", "Dorothy"), ("active", False), ("managerId", None)):
        payload = await change(
            users, UPDATE, {"id": dot, field: value}, **house.nobody()
        )
        assert payload == {"user": None, "userErrors": refused(("FORBIDDEN", None))}
    query = "{ viewer { name active version } }"
    data = await users.data(query, **house.nobody())
    assert data["viewer"] == {"name": "Dot Example", "active": True, "version": 2}


async def test_whoever_may_not_see_a_person_is_told_there_is_none(
    users: Subgraph, house: House
) -> None:
    given = {"id": house.people["ada"], "locale": "tr"}
    payload = await change(users, UPDATE, given, **house.nobody())
    assert payload == {"user": None, "userErrors": refused(("NOT_FOUND", "id"))}


async def test_a_stale_version_changes_nothing_and_shows_what_is(
    users: Subgraph, house: House
) -> None:
    cem = house.people["cem"]
    given = {"id": cem, "name": "Cem One", "expectedVersion": 1}
    assert (await change(users, UPDATE, given, **house.admin()))["userErrors"] == []
    given = {"id": cem, "name": "Cem Two", "expectedVersion": 1}
    payload = await change(users, UPDATE, given, **house.admin())
    assert payload["userErrors"] == refused(("STALE", "expectedVersion"))
    assert (payload["user"]["name"], payload["user"]["version"]) == ("Cem One", 2)


async def test_of_parallel_changes_to_one_version_one_wins(
    users: Subgraph, house: House
) -> None:
    payloads = await asyncio.gather(
        *(
            change(
                users,
                UPDATE,
                {"id": house.people["cem"], "name": f"Cem {n}", "expectedVersion": 1},
                **house.admin(),
            )
            for n in range(5)
        )
    )
    codes = sorted(e["code"] for p in payloads for e in p["userErrors"])
    assert codes == ["STALE"] * 4


async def test_nobody_reports_to_themselves(users: Subgraph, house: House) -> None:
    for boss in ("ben", "cem", "eve"):
        given = {"id": house.people["ben"], "managerId": house.people[boss]}
        payload = await change(users, UPDATE, given, **house.admin())
        assert payload["userErrors"] == refused(("CYCLE", "managerId"))
    ben = await users.data(
        "query ($id: ID!) { user(id: $id) { version manager { name } } }",
        {"id": house.people["ben"]},
        **house.reader(),
    )
    assert ben["user"] == {"version": 1, "manager": {"name": "Ada Example"}}


async def test_two_moves_at_once_make_no_circle(users: Subgraph, house: House) -> None:
    cem, dot = house.people["cem"], house.people["dot"]
    payloads = await asyncio.gather(
        change(users, UPDATE, {"id": cem, "managerId": dot}, **house.admin()),
        change(users, UPDATE, {"id": dot, "managerId": cem}, **house.admin()),
    )
    codes = [[e["code"] for e in payload["userErrors"]] for payload in payloads]
    assert sorted(codes) == [[], ["CYCLE"]]


async def test_whoever_left_is_named_still_and_may_come_back(
    users: Subgraph, house: House
) -> None:
    gus = house.people["gus"]
    payload = await change(users, UPDATE, {"id": gus, "active": True}, **house.admin())
    assert payload["user"]["active"] is True
    payload = await change(users, UPDATE, {"id": gus, "active": False}, **house.admin())
    assert payload["user"] == {
        "name": "Gus Example",
        "version": 3,
        "active": False,
        "locale": "en",
        "department": {"code": "SALES"},
        "manager": {"name": "Fay Example"},
    }
