"""Who is erased leaves nothing in auth: no address, no password, no session."""

from typing import Any

import pytest

from kit.identity import ANONYMOUS
from subgraphs.auth.service import bootstrap_account
from subgraphs.auth.service.upkeep import Upkeep
from tests.support.house import House, settled
from tests.support.identity import SIGN_IN, codes
from tests.support.stack import Graph

ERASE = """
mutation ($in: ErasePersonInput!) {
  erasePerson(input: $in) { user { erasedAt } userErrors { code } }
}
"""


@pytest.fixture
async def house(own_graph: Graph) -> House:
    return await settled(own_graph.stack.services["users"].database)


async def sign_in(graph: Graph, email: str, password: str) -> dict[str, Any]:
    given = {"email": email, "password": password, "deliver": "BODY"}
    payload: dict[str, Any] = (await graph.data(SIGN_IN, {"input": given}))["signIn"]
    return payload


async def kept(graph: Graph) -> dict[str, list[str]]:
    """Read every account, and whose sessions there are."""
    found: dict[str, list[str]] = {}
    async with graph.stack.services["auth"].database.engine.connect() as connection:
        for table in ("accounts", "sessions"):
            rows = await connection.exec_driver_sql(
                f"SELECT DISTINCT user_id FROM {table}"  # noqa: S608 - our own names
            )
            found[table] = [row.user_id for row in rows]
    return found


async def test_an_erased_persons_account_and_sessions_are_deleted(
    own_graph: Graph, house: House
) -> None:
    auth = own_graph.stack.services["auth"]
    make: Any = auth.graphql.make_context
    upkeep = Upkeep(make(ANONYMOUS, auth.database, None).authority)
    signed: dict[str, dict[str, Any]] = {}
    passwords: dict[str, str] = {}
    for name in ("ada", "dot"):
        email = f"{name}@example.com"
        passwords[name] = await bootstrap_account(
            auth.database, house.people[name], email
        )
        signed[name] = await sign_in(own_graph, email, passwords[name])
    await upkeep.forget_erased()
    assert len((await kept(own_graph))["accounts"]) == 2
    token = signed["ada"]["accessToken"]
    answer = await own_graph.post(
        ERASE,
        {"in": {"id": house.people["dot"]}},
        {"authorization": f"Bearer {token}"},
    )
    erased = answer.json()["data"]["erasePerson"]
    assert erased["userErrors"] == []
    assert erased["user"]["erasedAt"] is not None
    await upkeep.forget_erased()
    ada = [house.people["ada"]]
    assert await kept(own_graph) == {"accounts": ada, "sessions": ada}
    again = await sign_in(own_graph, "dot@example.com", passwords["dot"])
    assert codes(again) == ["INVALID_CREDENTIALS"]
