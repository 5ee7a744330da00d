"""Forgetting somebody: what said who they were is gone, the links to them stay."""

from tests.support.house import House
from tests.support.subgraph import Subgraph
from tests.support.users_writes import ASSIGN, UPDATE, change, refused

IMPORT = """
mutation ($in: ImportPeopleInput!) {
  importPeople(input: $in) { rows { row email outcome user { id } } }
}
"""
ERASE = """
mutation ($input: ErasePersonInput!) {
  erasePerson(input: $input) {
    user { id name email active locale timeZone erasedAt version
           manager { id } department { code } roles { scope } }
    userErrors { code path }
  }
}
"""


async def test_an_erased_person_is_an_id_and_no_more(
    users: Subgraph, house: House
) -> None:
    fay, gus = house.people["fay"], house.people["gus"]
    payload = await change(users, ERASE, {"id": fay}, **house.admin())
    assert payload["userErrors"] == []
    user = payload["user"]
    assert user.pop("erasedAt") is not None
    assert user == {
        "id": fay,
        "name": "Erased person",
        "email": f"{fay}@erased.invalid",
        "active": False,
        "locale": "en",
        "timeZone": "UTC",
        "version": 2,
        "manager": None,
        "department": {"code": "SALES"},
        "roles": [],
    }
    query = """query ($id: ID!, $unit: ID!) {
      user(id: $id) { manager { id name } }
      old: user(email: "fay@example.com") { id }
      department(id: $unit) { head { id } } }"""
    variables = {"id": gus, "unit": house.departments["sales"]}
    data = await users.data(query, variables, **house.reader())
    assert data == {
        "user": {"manager": {"id": fay, "name": "Erased person"}},
        "old": None,
        "department": {"head": None},
    }
    async with users.service.database.engine.connect() as connection:
        left = await connection.exec_driver_sql(
            "SELECT count(*) FROM users AS u WHERE u::text ~ 'Fay|fay@example'"
        )
        assert left.scalar_one() == 0
        by = await connection.exec_driver_sql(
            "SELECT erased_by_id FROM users WHERE erased_at IS NOT NULL"
        )
        assert by.scalar_one() == house.people["ada"]
        told = await connection.exec_driver_sql(
            "SELECT kind FROM events WHERE entity_id = %(id)s".replace("%(id)s", "$1"),
            (fay,),
        )
        assert {"ROLE_REVOKED", "USER_ERASED"} <= {row.kind for row in told}
    again = await change(users, ERASE, {"id": fay}, **house.admin())
    assert again["user"]["version"] == 2


async def test_who_is_erased_does_not_come_back(users: Subgraph, house: House) -> None:
    fay = house.people["fay"]
    await change(users, ERASE, {"id": fay}, **house.admin())
    for given in ({"active": True}, {"name": "Fay Again"}):
        payload = await change(users, UPDATE, {"id": fay, **given}, **house.admin())
        assert payload["userErrors"] == refused(("INVALID", "id"))
    agent = {"userId": fay, "roleKey": "agent"}
    payload = await change(users, ASSIGN, agent, **house.admin())
    assert payload == {"user": None, "userErrors": refused(("INVALID", "userId"))}


async def test_nobody_erases_who_may_do_more_or_is_the_last_administrator(
    users: Subgraph, house: House
) -> None:
    ada = {"id": house.people["ada"]}
    payload = await change(users, ERASE, ada, **house.admin())
    assert payload["userErrors"] == refused(("LAST_ADMIN", "id"))
    clerk = {"subject": house.people["fay"], "scopes": ["users:read", "users:erase"]}
    payload = await change(users, ERASE, ada, **clerk)
    assert payload["userErrors"] == refused(("FORBIDDEN", "id"))
    eve = {"id": house.people["eve"]}  # an administrator of one department
    payload = await change(users, ERASE, eve, **clerk)
    assert payload["userErrors"] == refused(("FORBIDDEN", "id"))
    manager = {"subject": house.people["fay"], "scopes": ["users:read", "users:manage"]}
    payload = await change(users, ERASE, eve, **manager)
    assert payload["userErrors"] == refused(("FORBIDDEN", None))
    data = await users.data(
        "query ($id: ID!) { user(id: $id) { name active } }", ada, **house.reader()
    )
    assert data["user"] == {"name": "Ada Example", "active": True}


async def test_what_a_file_said_of_somebody_is_gone_with_them(
    users: Subgraph, house: House
) -> None:
    text = "email,name\nZoe@example.com,Zoe Example\nzoe@example.com,Zoe Again\n"
    given = {"in": {"csv": text, "idempotencyKey": "people"}}
    first = (await users.data(IMPORT, given, **house.admin()))["importPeople"]
    said = [(row["email"], row["outcome"]) for row in first["rows"]]
    assert said == [("zoe@example.com", "CREATED"), ("zoe@example.com", "FAILED")]
    zoe = first["rows"][0]["user"]["id"]
    await change(users, ERASE, {"id": zoe}, **house.admin())
    again = (await users.data(IMPORT, given, **house.admin()))["importPeople"]
    assert again == first
    async with users.service.database.engine.connect() as connection:
        tables = await connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace"
        )
        for table in tables.scalars().all():
            found = await connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} AS t "  # noqa: S608 - our own tables
                "WHERE t::text ~* 'zoe.?(@|example|again)'"
            )
            assert found.scalar_one() == 0, table
