"""What was prepared for one kind of caller never serves another."""

from typing import Any

import pytest
import structlog

from tests.support.routers import Client, running_router
from tests.support.tokens import bearer, verifier

NOTES = "{ tickets { title notes } viewer { email } }"
UNAUTHORIZED = "UNAUTHORIZED_FIELD_OR_TYPE"
READER = {"scopes": ["notes:read"]}


def settings(**directives: str) -> str:
    written = "".join(f"    {name}: {value}\n" for name, value in directives.items())
    return f"authorization:\n  directives:\n{written}"


def fetched(client: Client) -> str:
    return " ".join(
        one["query"] for each in client.subgraphs.values() for one in each.asked
    )


async def ask(client: Client, query: str, **who: Any) -> dict[str, Any]:
    return await client.ask(query, bearer(**who) if who else None)


async def test_what_is_hidden_is_null_up_to_where_null_may_be() -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await ask(client, NOTES, subject="usr_1")
        assert "notes" not in fetched(client)
        assert "email" not in fetched(client)
    # `notes` and the list of tickets are non-null, all the way up.
    assert answer["data"] is None
    assert [(e["path"], e["extensions"]["code"]) for e in answer["errors"]] == [
        (["tickets", "notes"], UNAUTHORIZED),
        (["viewer", "email"], UNAUTHORIZED),
    ]


async def test_a_hot_operation_keeps_callers_of_different_rights_apart() -> None:
    query = "{ ticket(id: 1) { title notes } }"
    async with running_router(verifier=verifier()) as client:
        for _ in range(3):
            blind = await ask(client, query, subject="usr_1")
            reader = await ask(client, query, subject="usr_1", **READER)
            assert blind["data"] == {"ticket": None}
            assert reader == {"data": {"ticket": {"title": "Printer", "notes": ["n"]}}}
        operations = client.app.gateway.operations
        document = client.app.gateway.documents.read(query)
        (named,) = document.prepared.values()
        assert len(named.known) == 2
        # Scopes that concern nothing here make no new kind of caller.
        await ask(client, query, subject="usr_9", scopes=["notes:read", "other"])
        assert len(named.known) == 2
        assert operations.see(document, None) is operations.see(document, None)


async def test_the_client_is_told_in_the_extensions_where_settings_say_so() -> None:
    query = "{ viewer { name email } }"
    yaml = settings(errors="{response: extensions}")
    async with running_router(yaml, verifier=verifier()) as client:
        answer = await ask(client, query, subject="usr_1")
    assert answer == {
        "data": {"viewer": {"name": "Ada", "email": None}},
        "extensions": {
            "authorizationErrors": [
                {
                    "message": "Unauthorized field or type",
                    "path": ["viewer", "email"],
                    "extensions": {"code": UNAUTHORIZED},
                }
            ]
        },
    }


@pytest.mark.parametrize("log", [True, False])
async def test_the_client_may_be_told_nothing_and_the_log_still_hears(
    *, log: bool
) -> None:
    yaml = settings(errors=f"{{response: disabled, log: {str(log).lower()}}}")
    async with running_router(yaml, verifier=verifier()) as client:
        with structlog.testing.capture_logs() as logs:
            answer = await ask(client, NOTES, subject="usr_1")
    assert answer == {"data": None}
    heard = [
        each["paths"] for each in logs if each["event"] == "operation.unauthorized"
    ]
    assert heard == ([["tickets.notes", "viewer.email"]] if log else [])


async def test_a_dry_run_of_the_rules_hides_nothing_and_tells_all() -> None:
    for reject in ("false", "true"):
        yaml = settings(dry_run="true", reject_unauthorized=reject)
        async with running_router(yaml, verifier=verifier()) as client:
            answer = await ask(client, "{ ticket(id: 1) { notes } }", subject="usr_1")
        assert answer["data"] == {"ticket": {"notes": ["n"]}}
        assert [each["path"] for each in answer["errors"]] == [["ticket", "notes"]]


async def test_rejecting_refuses_all_of_it_and_asks_nobody() -> None:
    async with running_router(
        settings(reject_unauthorized="true"), verifier=verifier()
    ) as client:
        answer = await client.post({"query": NOTES}, bearer(subject="usr_1"))
        assert fetched(client) == ""
    assert answer.status_code == 403
    assert {e["extensions"]["code"] for e in answer.json()["errors"]} == {UNAUTHORIZED}


async def test_a_stranger_from_whom_all_is_hidden_is_asked_to_sign_in() -> None:
    async with running_router(verifier=verifier()) as client:
        nothing = await client.post({"query": "{ viewer { name } }"})
        some = await client.post({"query": "{ ticket(id: 1) { title } viewer { id } }"})
    assert nothing.status_code == 401
    assert nothing.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert some.status_code == 200
    assert some.json()["data"] == {"ticket": {"title": "Printer"}, "viewer": None}


async def test_everybody_must_sign_in_where_settings_say_so() -> None:
    yaml = "authorization: {require_authentication: true}\n"
    async with running_router(yaml, verifier=verifier()) as client:
        refused = await client.post({"query": "{ tickets { title } }"})
        assert fetched(client) == ""
    assert refused.status_code == 401
