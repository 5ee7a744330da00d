from base64 import b64encode
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from kit.errors import UnauthenticatedError
from kit.identity import Kind
from tests.support.identity import Desk, codes

MANAGE = "service_accounts:manage"
CREATE = """
mutation Create($in: CreateServiceAccountInput!) {
  createServiceAccount(input: $in) {
    serviceAccount { id name scopes owner { id } disabledAt }
    clientSecret
    userErrors { code message path }
  }
}
"""
DISABLE = """
mutation Disable($id: ID!) {
  disableServiceAccount(input: {id: $id}) {
    serviceAccount { id disabledAt } userErrors { code path }
  }
}
"""
GRANT = {"grant_type": "client_credentials"}


async def token_of(desk: Desk, *scopes: str) -> str:
    who = await desk.account("usr_root", "correct horse battery", *scopes)
    return (await desk.sign_in(who))["accessToken"]


async def created(
    desk: Desk, name: str = "importer", scopes: tuple[str, ...] = ("tickets:read",)
) -> dict[str, Any]:
    token = await token_of(desk, MANAGE, "tickets:read", "tickets:import")
    given = {"in": {"name": name, "scopes": list(scopes)}}
    data = await desk.data(CREATE, given, token=token)
    found: dict[str, Any] = data["createServiceAccount"]
    return found


async def ask_token(desk: Desk, form: Any, **headers: str) -> httpx.Response:
    return await desk.http.post("/auth/token", data=form, headers=headers)


def credentials(made: dict[str, Any]) -> dict[str, str]:
    return {
        "client_id": made["serviceAccount"]["id"],
        "client_secret": made["clientSecret"],
    }


def basic(client_id: str, secret: str) -> str:
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {b64encode(pair.encode()).decode()}"


async def test_its_token_carries_its_scopes_and_no_session(desk: Desk) -> None:
    made = await created(desk, scopes=("tickets:read", "tickets:import"))
    assert made["userErrors"] == []
    assert made["serviceAccount"]["owner"] == {"id": "usr_root"}
    answer = await ask_token(desk, GRANT | credentials(made))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert body["scope"] == "tickets:import tickets:read"
    identity = desk.verifier.verify(body["access_token"])
    assert identity.kind is Kind.SERVICE
    assert identity.subject == made["serviceAccount"]["id"]
    assert identity.scopes == {"tickets:read", "tickets:import"}
    assert identity.session_id is None


async def test_it_may_ask_for_less_than_it_has_and_not_for_more(desk: Desk) -> None:
    made = await created(desk, scopes=("tickets:read", "tickets:import"))
    less = GRANT | credentials(made) | {"scope": "tickets:read"}
    assert (await ask_token(desk, less)).json()["scope"] == "tickets:read"
    more = await ask_token(desk, less | {"scope": "tickets:read users:manage"})
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


async def test_credentials_may_come_in_the_header(desk: Desk) -> None:
    made = credentials(await created(desk))
    header = basic(made["client_id"], made["client_secret"])
    assert (await ask_token(desk, GRANT, authorization=header)).status_code == 200
    twice = await ask_token(desk, GRANT | made, authorization=header)
    assert twice.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_secret": "hns_wrong"}, 401, "invalid_client"),
        ({"client_id": "sva_unknown"}, 401, "invalid_client"),
        ({"client_id": "\x00"}, 401, "invalid_client"),
        ({"client_id": ["sva_1", "sva_2"]}, 400, "invalid_request"),
        ({"padding": "x" * 9000}, 400, "invalid_request"),
        ({f"f{n}": "x" for n in range(30)}, 400, "invalid_request"),
    ],
)
async def test_what_is_wrong_has_the_rfcs_name(
    desk: Desk, change: dict[str, Any], status: int, error: str
) -> None:
    made = await created(desk)
    answer = await ask_token(desk, GRANT | credentials(made) | change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    "header", ["Bearer x", "Basic", "Basic !!!", "Basic eA==", "Basic /////w=="]
)
async def test_a_header_that_is_not_basic_is_no_client(desk: Desk, header: str) -> None:
    answer = await ask_token(desk, GRANT, authorization=header)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("body", [b"\xff", b"a=%ff"])
async def test_a_body_that_is_not_text_is_refused(desk: Desk, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await desk.http.post("/auth/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_json_is_not_a_form(desk: Desk) -> None:
    answer = await desk.http.post("/auth/token", json=GRANT)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_domain_that_comes_later_needs_no_change_here(desk: Desk) -> None:
    token = await token_of(desk, MANAGE, "assets:read", "assets:manage")
    given = {"in": {"name": "robot", "scopes": ["assets:read"]}}
    made = (await desk.data(CREATE, given, token=token))["createServiceAccount"]
    assert (made["serviceAccount"]["scopes"], made["userErrors"]) == (
        ["assets:read"],
        [],
    )
    answer = await ask_token(desk, GRANT | credentials(made))
    assert answer.json()["scope"] == "assets:read"


async def test_nobody_gives_a_scope_that_is_not_their_own_or_no_permission(
    desk: Desk,
) -> None:
    token = await token_of(desk, MANAGE, "tickets:read", "odd")
    for scopes in (
        ["users:manage"],
        ["odd"],
        ["assets:read"],
        ["tickets:read", "tickets:import"],
    ):
        given = {"in": {"name": "robot", "scopes": scopes}}
        data = await desk.data(CREATE, given, token=token)
        assert codes(data["createServiceAccount"]) == ["SCOPE_NOT_GRANTABLE"]
        assert data["createServiceAccount"]["clientSecret"] is None
    listed = await desk.data("{ serviceAccounts { id } }", token=token)
    assert listed == {"serviceAccounts": []}


@pytest.mark.parametrize(
    ("name", "scopes", "code"),
    [
        ("", ["tickets:read"], "REQUIRED"),
        ("   ", ["tickets:read"], "REQUIRED"),
        ("x" * 101, ["tickets:read"], "INVALID"),
        ("a\nb", ["tickets:read"], "INVALID"),
        ("robot", [], "REQUIRED"),
    ],
)
async def test_a_name_and_a_scope_are_needed(
    desk: Desk, name: str, scopes: list[str], code: str
) -> None:
    token = await token_of(desk, MANAGE, "tickets:read")
    given = {"in": {"name": name, "scopes": scopes}}
    data = await desk.data(CREATE, given, token=token)
    assert codes(data["createServiceAccount"]) == [code]


async def test_two_cannot_have_one_name(desk: Desk) -> None:
    await created(desk)
    token = await token_of(desk, MANAGE, "tickets:read")
    given = {"in": {"name": "importer", "scopes": ["tickets:read"]}}
    data = await desk.data(CREATE, given, token=token)
    assert codes(data["createServiceAccount"]) == ["TAKEN"]


async def test_without_the_permission_there_is_nothing_to_see_or_do(
    desk: Desk,
) -> None:
    made = await created(desk)
    who = await desk.account("usr_ben", "correct horse battery", "tickets:read")
    token = (await desk.sign_in(who))["accessToken"]
    given = {"in": {"name": "robot", "scopes": ["tickets:read"]}}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("{ serviceAccounts { id } }", {}),
        (CREATE, given),
        (DISABLE, {"id": made["serviceAccount"]["id"]}),
    ]
    for query, variables in asked:
        answer = (await desk.ask(query, variables, token=token)).json()
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    of = [{"__typename": "ServiceAccount", "id": made["serviceAccount"]["id"]}]
    query = (
        "query E($of: [_Any!]!) { _entities(representations: $of) "
        "{ ... on ServiceAccount { name } } }"
    )
    data = await desk.data(query, {"of": of}, token=token)
    assert data == {"_entities": [None]}
    assert (await ask_token(desk, GRANT | credentials(made))).status_code == 200


async def test_a_disabled_one_gets_no_token_and_those_it_has_are_refused(
    desk: Desk,
) -> None:
    made = await created(desk)
    before = (await ask_token(desk, GRANT | credentials(made))).json()["access_token"]
    token = await token_of(desk, MANAGE)
    account_id = made["serviceAccount"]["id"]
    data = await desk.data(DISABLE, {"id": account_id}, token=token)
    since = data["disableServiceAccount"]["serviceAccount"]["disabledAt"]
    assert since is not None
    with pytest.raises(UnauthenticatedError, match="revoked"):
        desk.verifier.verify(before)
    answer = await ask_token(desk, GRANT | credentials(made))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    desk.clock.forward(minutes=1)
    again = await desk.data(DISABLE, {"id": account_id}, token=token)
    assert again["disableServiceAccount"]["serviceAccount"]["disabledAt"] == since
    none = await desk.data(DISABLE, {"id": "sva_none"}, token=token)
    assert codes(none["disableServiceAccount"]) == ["NOT_FOUND"]


async def test_the_secret_is_kept_as_a_digest_only(desk: Desk) -> None:
    made = await created(desk)
    (kept,) = await desk.column("SELECT t::text FROM service_accounts t")
    assert made["clientSecret"] not in kept
