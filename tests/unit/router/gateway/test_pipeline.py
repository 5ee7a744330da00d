"""The pipeline as a client meets it: data, partial data, rights, sharing."""

import asyncio
from typing import Any

import orjson
import pytest
import structlog

from tests.support.routers import Client, running_router
from tests.support.tokens import bearer, verifier

Json = dict[str, Any]

PEOPLE = "{ tickets { title assignee { name } } }"


async def test_links_are_followed_in_one_request_for_all() -> None:
    async with running_router() as client:
        answer = await client.ask(PEOPLE)
        asked = [len(fake.asked) for fake in client.subgraphs.values()]
    assert answer == {
        "data": {
            "tickets": [
                {"title": "Printer", "assignee": {"name": "Ada"}},
                {"title": "Screen", "assignee": {"name": "Ben"}},
            ]
        }
    }
    assert asked == [1, 1]


async def test_a_subgraph_that_is_down_costs_its_fields_until_it_is_back() -> None:
    async with running_router() as client:
        client.subgraphs["users"].down = True
        without = await client.post({"query": PEOPLE}, {"x-request-id": "r1"})
        client.subgraphs["users"].down = False
        again = await client.ask(PEOPLE)
    assert without.status_code == 200
    answer = without.json()
    assert answer["data"] == {
        "tickets": [
            {"title": "Printer", "assignee": None},
            {"title": "Screen", "assignee": None},
        ]
    }
    assert [each["path"] for each in answer["errors"]] == [
        ["tickets", 0, "assignee"],
        ["tickets", 1, "assignee"],
    ]
    assert answer["errors"][0]["extensions"] == {
        "code": "SUBGRAPH_UNAVAILABLE",
        "service": "users",
        "requestId": "r1",
    }
    assert "errors" not in again


async def test_subgraphs_words_stay_in_the_log() -> None:
    error = {"message": "table secret", "extensions": {"code": "FORBIDDEN", "sql": "x"}}
    async with running_router() as client:
        client.subgraphs["users"].answer = orjson.dumps({"errors": [error]})
        with structlog.testing.capture_logs() as logs:
            answer = await client.post({"query": PEOPLE})
    told = answer.json()["errors"][0]
    assert told["message"] == "Subgraph errors redacted"
    assert told["extensions"].keys() == {"code", "service", "requestId"}
    assert told["extensions"]["code"] == "FORBIDDEN"
    assert "secret" not in answer.text
    assert logs[0]["message"] == "table secret"


NOTES = "{ tickets { title notes } viewer { email } }"


async def rights(client: Client, **who: Any) -> Json:
    return await client.ask(NOTES, bearer(**who) if who else None)


async def test_what_a_caller_may_not_see_is_not_fetched_and_an_error_says_so() -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await client.ask(
            "{ tickets { title } viewer { name email } }", bearer(scopes=["x"])
        )
        sent = client.subgraphs["users"].asked[0]["query"]
    assert "email" not in sent
    assert answer["data"]["viewer"] == {"name": "Ada", "email": None}
    assert answer["errors"][0]["path"] == ["viewer", "email"]
    code = answer["errors"][0]["extensions"]["code"]
    assert code == "UNAUTHORIZED_FIELD_OR_TYPE"


async def test_a_hidden_field_that_may_not_be_null_takes_its_owner_along() -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await rights(client, scopes=["users:read"])
    assert answer["data"] is None
    assert [each["path"] for each in answer["errors"]] == [["tickets", "notes"]]


async def test_with_the_rights_all_of_it_is_there() -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await rights(client, scopes=["users:read", "notes:read"])
    assert answer == {
        "data": {
            "tickets": [
                {"title": "Printer", "notes": ["n"]},
                {"title": "Screen", "notes": []},
            ],
            "viewer": {"email": "1@x"},
        }
    }


async def test_one_callers_plan_never_serves_another() -> None:
    async with running_router(verifier=verifier()) as client:
        text = "{ viewer { email } }"
        first = await client.ask(text, bearer(scopes=["users:read"]))
        second = await client.ask(text, bearer(scopes=[]))
        third = await client.ask(text, bearer(scopes=["users:read"]))
    assert first == third == {"data": {"viewer": {"email": "1@x"}}}
    assert second["data"] == {"viewer": {"email": None}}


async def test_nobody_asking_only_for_what_needs_somebody_is_sent_to_sign_in() -> None:
    async with running_router(verifier=verifier()) as client:
        answer = await client.post({"query": "{ viewer { name } }"})
        asked = client.subgraphs["users"].asked
    assert (answer.status_code, asked) == (401, [])
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_settings_can_refuse_the_whole_operation_instead() -> None:
    yaml = "authorization: {directives: {reject_unauthorized: true}}"
    async with running_router(yaml, verifier=verifier()) as client:
        answer = await client.post(
            {"query": "{ tickets { title } viewer { email } }"}, bearer()
        )
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert (answer.status_code, asked) == (403, [[], []])


async def test_settings_can_leave_rights_to_the_subgraphs() -> None:
    yaml = "authorization: {directives: {enabled: false}}"
    async with running_router(yaml) as client:
        assert await client.ask("{ viewer { email } }") == {
            "data": {"viewer": {"email": "1@x"}}
        }


async def together(yaml: str, query: str, count: int, *who: Any) -> list[int]:
    async with running_router(yaml, verifier=verifier()) as client:
        asked = [client.ask(query, each) for each in who or [None] * count]
        answers = await asyncio.gather(*asked)
        assert all("errors" not in each for each in answers)
        return [len(fake.asked) for fake in client.subgraphs.values()]


async def test_identical_requests_to_a_subgraph_are_sent_once() -> None:
    assert await together("", PEOPLE, 5) == [1, 1]


async def test_unless_settings_switch_that_off() -> None:
    yaml = "traffic_shaping: {all: {deduplicate_query: false}}"
    assert await together(yaml, PEOPLE, 5) == [5, 5]


async def test_mutations_are_each_sent() -> None:
    yaml = "traffic_shaping: {router: {deduplicate_query: true}}"
    query = "mutation { close(id: 1) { title } }"
    assert await together(yaml, query, 5) == [5, 0]


@pytest.mark.parametrize("router", ["true", "false"])
async def test_callers_never_share(router: str) -> None:
    yaml = f"traffic_shaping: {{router: {{deduplicate_query: {router}}}}}"
    ada, ben = bearer("usr_ada"), bearer("usr_ben")
    assert await together(yaml, PEOPLE, 0, ada, ben, ada) == [2, 2]


async def test_introspection_asks_nobody_and_can_be_switched_off() -> None:
    query = "{ __schema { queryType { name } } }"
    async with running_router() as client:
        assert (await client.ask(query))["data"]["__schema"]["queryType"]
        assert client.subgraphs["users"].asked == []
    async with running_router("supergraph: {introspection: false}") as client:
        assert "introspection" in (await client.ask(query))["errors"][0]["message"]


async def test_a_malformed_answer_names_who_sent_it_and_where() -> None:
    async with running_router() as client:
        client.subgraphs["users"].answer = b'{"data":{"_entities":[{"name":1},{}]}}'
        answer = await client.ask(PEOPLE)
    assert [(e["path"], e["extensions"]["service"]) for e in answer["errors"]] == [
        (["tickets", 0, "assignee", "name"], "users"),
        (["tickets", 1, "assignee", "name"], "users"),
    ]


async def test_who_shares_an_answer_still_has_a_name_of_its_own() -> None:
    yaml = "traffic_shaping: {router: {deduplicate_query: true}}"
    async with running_router(yaml) as client:
        asked = [
            client.post({"query": PEOPLE}, {"x-request-id": f"r{n}"}) for n in "12"
        ]
        answers = await asyncio.gather(*asked)
        assert len(client.subgraphs["tickets"].asked) == 1
    names = [answer.headers.get_list("x-request-id") for answer in answers]
    assert names == [["r1"], ["r2"]]
