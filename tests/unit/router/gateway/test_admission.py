"""Costs and plans: told when asked, refused before anything is planned or run."""

from typing import Any

import pytest

from tests.support.routers import Client, running_router
from tests.support.tokens import bearer, verifier

DEMAND = "demand_control: {enabled: true, strategy: {static_estimated: {max: 20}}}\n"
EXPOSED = "helpnest: {expose_query_plan: signed_in}\n"
DRY = {"apollo-expose-query-plan": "dry-run"}
COST = {"x-expose-cost": "true"}
TICKETS = "{ tickets { title } }"  # two of them, a list that nothing is said about
DEAR = "{ tickets { title assignee { name } } t: ticket(id: 1) { title } }"


def asked(client: Client) -> int:
    return sum(len(each.asked) for each in client.subgraphs.values())


async def test_what_costs_too_much_is_refused_with_both_figures() -> None:
    async with running_router(DEMAND) as client:
        refused = await client.post({"query": DEAR})
        passed = await client.ask(TICKETS)
        assert asked(client) == 1
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert error["extensions"]["cost"] == {"estimated": 21, "max": 20}
    assert "data" in passed
    assert "extensions" not in passed


async def test_what_is_refused_was_never_planned() -> None:
    async with running_router(DEMAND) as client:
        planned: list[object] = []
        client.app.gateway.operations._make_plan = planned.append  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue] - looked over the shoulder
        await client.post({"query": DEAR})
    assert planned == []


async def test_measuring_refuses_nothing() -> None:
    yaml = DEMAND.replace("enabled: true,", "enabled: true, mode: measure,")
    async with running_router(yaml) as client:
        answer = await client.post({"query": DEAR}, COST)
    assert answer.json()["extensions"] == {
        "cost": {"estimated": 21, "actual": 4, "remaining": None, "resetAt": None}
    }


async def test_the_cost_is_told_to_who_asks() -> None:
    async with running_router(DEMAND) as client:
        answer = await client.post({"query": TICKETS}, COST)
    assert answer.json() == {
        "data": {"tickets": [{"title": "Printer"}, {"title": "Screen"}]},
        "extensions": {
            "cost": {"estimated": 10, "actual": 2, "remaining": None, "resetAt": None}
        },
    }


@pytest.mark.parametrize("query", [TICKETS, DEAR, "mutation { close(id: 1) { id } }"])
async def test_a_dry_run_runs_nothing_and_tells_plan_and_cost(query: str) -> None:
    async with running_router(DEMAND + EXPOSED, verifier=verifier()) as client:
        answer = await client.post({"query": query}, {**DRY, **bearer()})
        assert asked(client) == 0
    assert answer.status_code == 200
    found = answer.json()
    assert found["data"] is None
    assert "Fetch" in found["extensions"]["apolloQueryPlan"]["text"]
    assert found["extensions"]["cost"]["estimated"] > 0
    assert ("errors" in found) is (query == DEAR)


@pytest.mark.parametrize(
    "said", [["dry-run", "true"], ["true", "dry-run"], ["DRY-RUN "], ["dry-run", "x"]]
)
async def test_who_says_dry_run_at_all_gets_one(said: list[str]) -> None:
    headers = [("apollo-expose-query-plan", each) for each in said]
    headers += [*bearer().items(), ("content-type", "application/json")]
    async with running_router(DEMAND + EXPOSED, verifier=verifier()) as client:
        answer = await client.http.post(
            "/graphql", json={"query": TICKETS}, headers=headers
        )
        assert asked(client) == 0
    assert answer.json()["data"] is None


@pytest.mark.parametrize("who", ["nobody", "signed_in"])
async def test_a_dry_run_that_is_not_for_a_caller_is_not_run_for_real(who: str) -> None:
    async with running_router(f"helpnest: {{expose_query_plan: {who}}}\n") as client:
        answer = await client.post({"query": TICKETS}, DRY)
        assert asked(client) == 0
        plain = await client.post(
            {"query": TICKETS}, {"apollo-expose-query-plan": "true"}
        )
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "extensions" not in plain.json()


async def test_plans_stand_beside_the_data_for_those_who_may() -> None:
    async with running_router(EXPOSED, verifier=verifier()) as client:
        answer = await client.post(
            {"query": TICKETS}, {"apollo-expose-query-plan": "true", **bearer()}
        )
    found = answer.json()
    assert len(found["data"]["tickets"]) == 2
    assert list(found["extensions"]) == ["apolloQueryPlan"]


BUDGETS = """
demand_control: {enabled: true}
helpnest:
  expose_query_plan: everyone
  budgets:
    default: {window: 25}
    roles: {agent: {window: 45}, anonymous: {window: 15}}
"""


async def spend(client: Client, times: int, **who: Any) -> list[int | str]:
    """Ask again and again: what is left after each, or why it was refused."""
    found: list[int | str] = []
    headers = {**COST, **(bearer(**who) if who else {})}
    for _ in range(times):
        answer = await client.post({"query": TICKETS}, headers)
        if answer.status_code == 200:
            found.append(answer.json()["extensions"]["cost"]["remaining"])
        else:
            error = answer.json()["errors"][0]["extensions"]
            assert answer.status_code == 429
            assert 0 < error["retryAfter"] <= 60
            assert 0 < int(answer.headers["retry-after"]) <= 60
            found.append(error["code"])
    return found


async def test_each_caller_spends_their_own_budget_by_role() -> None:
    async with running_router(BUDGETS, verifier=verifier()) as client:
        spent = "RATE_LIMITED"
        assert await spend(client, 3, subject="usr_1") == [15, 5, spent]
        assert await spend(client, 1, subject="usr_2") == [15]
        agent = {"subject": "usr_3", "roles": ["agent"]}
        assert await spend(client, 5, **agent) == [35, 25, 15, 5, spent]
        assert await spend(client, 2) == [5, spent]
        assert asked(client) == 2 + 1 + 4 + 1


async def test_dry_runs_cost_nothing() -> None:
    async with running_router(BUDGETS) as client:
        for _ in range(5):
            answer = await client.post({"query": TICKETS}, DRY)
            assert answer.json()["extensions"]["cost"]["remaining"] == 15
