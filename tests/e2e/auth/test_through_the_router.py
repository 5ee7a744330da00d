import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from subgraphs.auth.service import bootstrap_account
from tests.support.house import House, settled
from tests.support.identity import ADDRESS, REFRESH, SIGN_IN, codes, cookie_of
from tests.support.stack import Graph

VIEWER = "{ viewer { name permissions sessions { current } } }"
SIGN_OUT = "mutation { signOut { signedOutSessionId userErrors { code } } }"
DEACTIVATE = """
mutation Off($in: UpdateUserInput!) { updateUser(input: $in) { userErrors { code } } }
"""
PROMOTE = """
mutation On($in: AssignRoleInput!) { assignRole(input: $in) { userErrors { code } } }
"""
CREATE = """
mutation Create($in: CreateServiceAccountInput!) {
  createServiceAccount(input: $in) {
    serviceAccount { id owner { name } } clientSecret userErrors { code message }
  }
}
"""
PROMISED = 5.0
"""Seconds until a revocation holds everywhere."""


@pytest.fixture
async def house(own_graph: Graph) -> House:
    return await settled(own_graph.stack.services["users"].database)


async def signed_in(graph: Graph, house: House, name: str) -> dict[str, Any]:
    email = f"{name}@example.com"
    database = graph.stack.services["auth"].database
    password = await bootstrap_account(database, house.people[name], email)
    given = {"email": email, "password": password, "deliver": "BODY"}
    answer = (await graph.post(SIGN_IN, {"input": given})).json()
    assert "errors" not in answer, answer
    payload: dict[str, Any] = answer["data"]["signIn"]
    assert codes(payload) == []
    return payload


def as_(payload: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {payload['accessToken']}"}


async def refused_in_time(ask: Callable[[], Awaitable[httpx.Response]]) -> bool:
    """Say whether a token stops being good within the seconds promised."""
    for _ in range(int(PROMISED * 4)):
        if (await ask()).status_code == 401:
            return True
        await asyncio.sleep(0.25)
    return False


async def test_who_signed_in_is_known_to_every_domain(
    own_graph: Graph, house: House
) -> None:
    dot = await signed_in(own_graph, house, "dot")
    answer = (await own_graph.post(VIEWER, headers=as_(dot))).json()
    assert answer == {
        "data": {
            "viewer": {
                "name": "Dot Example",
                "permissions": ["tickets:read", "tickets:write", "users:read"],
                "sessions": [{"current": True}],
            }
        }
    }
    tickets = "{ tickets(first: 1) { totalCount } }"
    answer = (await own_graph.post(tickets, headers=as_(dot))).json()
    assert answer == {"data": {"tickets": {"totalCount": 0}}}


async def test_where_a_sign_in_comes_from_is_what_the_router_saw(
    own_graph: Graph, house: House
) -> None:
    email = "dot@example.com"
    database = own_graph.stack.services["auth"].database
    password = await bootstrap_account(database, house.people["dot"], email)
    given = {"input": {"email": email, "password": password, "deliver": "BODY"}}
    forged = {
        ADDRESS: "198.51.100.7",
        "x-helpnest-client-agent": "somebody else",
        "x-forwarded-for": "198.51.100.7",
        "user-agent": "Browser/1.0",
    }
    answer = (await own_graph.post(SIGN_IN, given, forged)).json()
    session = answer["data"]["signIn"]["session"]
    assert (session["ipAddress"], session["userAgent"]) == ("127.0.0.1", "Browser/1.0")


async def test_a_browser_is_kept_signed_in_by_a_cookie_through_the_router(
    own_graph: Graph, house: House
) -> None:
    email = "dot@example.com"
    database = own_graph.stack.services["auth"].database
    password = await bootstrap_account(database, house.people["dot"], email)
    given = {"input": {"email": email, "password": password}}
    answer = await own_graph.post(SIGN_IN, given)
    assert answer.headers["cache-control"] == "no-store"
    cookie = {"cookie": f"helpnest_refresh={cookie_of(answer)}"}
    again = await own_graph.post(REFRESH, {"input": {}}, cookie)
    payload = again.json()["data"]["refreshSession"]
    assert codes(payload) == []
    assert payload["refreshToken"] is None
    out = await own_graph.post(SIGN_OUT, headers=as_(payload))
    assert cookie_of(out) == ""


async def test_after_signing_out_no_domain_takes_the_token(
    own_graph: Graph, house: House
) -> None:
    dot = await signed_in(own_graph, house, "dot")
    out = (await own_graph.post(SIGN_OUT, headers=as_(dot))).json()
    assert out["data"]["signOut"]["signedOutSessionId"] == dot["session"]["id"]

    async def ask() -> httpx.Response:
        return await own_graph.post(VIEWER, headers=as_(dot))

    assert await refused_in_time(ask)


async def test_who_is_deactivated_is_out_within_five_seconds(
    own_graph: Graph, house: House
) -> None:
    ada = await signed_in(own_graph, house, "ada")
    dot = await signed_in(own_graph, house, "dot")
    given = {"in": {"id": house.people["dot"], "active": False}}
    done = (await own_graph.post(DEACTIVATE, given, as_(ada))).json()
    assert done["data"]["updateUser"]["userErrors"] == []

    async def ask() -> httpx.Response:
        return await own_graph.post(VIEWER, headers=as_(dot))

    assert await refused_in_time(ask)
    again = {"input": {"refreshToken": dot["refreshToken"]}}
    answer = (await own_graph.post(REFRESH, again)).json()
    assert codes(answer["data"]["refreshSession"])[0] in {
        "ACCOUNT_DISABLED",
        "TOKEN_EXPIRED",
    }
    assert (await own_graph.post(VIEWER, headers=as_(ada))).status_code == 200


async def test_a_new_role_is_in_the_token_after_at_most_five_seconds(
    own_graph: Graph, house: House
) -> None:
    ada = await signed_in(own_graph, house, "ada")
    dot = await signed_in(own_graph, house, "dot")
    given = {"in": {"userId": house.people["dot"], "roleKey": "agent"}}
    done = (await own_graph.post(PROMOTE, given, as_(ada))).json()
    assert done["data"]["assignRole"]["userErrors"] == []

    async def ask() -> httpx.Response:
        return await own_graph.post(VIEWER, headers=as_(dot))

    assert await refused_in_time(ask)
    again = {"input": {"refreshToken": dot["refreshToken"]}}
    answer = (await own_graph.post(REFRESH, again)).json()
    fresh = answer["data"]["refreshSession"]
    viewer = (await own_graph.post(VIEWER, headers=as_(fresh))).json()["data"]["viewer"]
    assert "tickets:work" in viewer["permissions"]


async def test_an_integration_gets_a_token_at_the_routers_own_address(
    own_graph: Graph, house: House
) -> None:
    ada = await signed_in(own_graph, house, "ada")
    given = {"in": {"name": "importer", "scopes": ["users:read"]}}
    made = (await own_graph.post(CREATE, given, as_(ada))).json()["data"][
        "createServiceAccount"
    ]
    assert made["userErrors"] == []
    assert made["serviceAccount"]["owner"] == {"name": "Ada Example"}
    form = {
        "grant_type": "client_credentials",
        "client_id": made["serviceAccount"]["id"],
        "client_secret": made["clientSecret"],
    }
    answer = await own_graph.http.post("/auth/token", data=form)
    assert answer.status_code == 200
    token = {"accessToken": answer.json()["access_token"]}
    users = await own_graph.post("{ users(first: 1) { totalCount } }", None, as_(token))
    assert users.json() == {"data": {"users": {"totalCount": 7}}}


async def test_without_users_nobody_signs_in_and_is_told_why(
    own_graph: Graph, house: House
) -> None:
    database = own_graph.stack.services["auth"].database
    email = "dot@example.com"
    password = await bootstrap_account(database, house.people["dot"], email)
    given = {"input": {"email": email, "password": password}}
    with own_graph.without("users"):
        answer = (await own_graph.post(SIGN_IN, given)).json()
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
    answer = (await own_graph.post(SIGN_IN, given)).json()
    assert codes(answer["data"]["signIn"]) == []
