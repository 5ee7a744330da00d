"""Plans being run: order, sharing, and what becomes of failures."""

import asyncio
import time
from typing import Any

import pytest

from router.errors import Problem
from router.executor.compile import compile_plan
from router.executor.execute import execute
from router.executor.gathered import Caller
from router.executor.subgraph import Subgraph
from router.executor.transport.interface import UnreachableError
from router.plan.nodes import Guard, QueryPlan
from tests.support.fetch_plans import FakeSubgraph, entities, root, run

Json = dict[str, Any]


def users(_: Json) -> Json:
    return {"data": {"users": [{"id": 1}, {"id": 2}, {"id": 1}]}}


def names(request: Json) -> Json:
    asked = request["variables"]["r"]
    return {"data": {"_e": [{"name": f"N{each['id']}"} for each in asked]}}


TWO_STEPS = [
    root(0, "a", "{users{id}}"),
    entities(1, "b", ("users", "@"), "name", 0),
]


async def test_entities_are_merged_into_every_object_they_were_asked_for() -> None:
    b = FakeSubgraph(names)
    gathered = await run(TWO_STEPS, {"a": FakeSubgraph(users), "b": b})
    assert gathered.data == {
        "users": [
            {"id": 1, "name": "N1"},
            {"id": 2, "name": "N2"},
            {"id": 1, "name": "N1"},
        ]
    }
    assert gathered.problems == []
    shown = [{"__typename": "T", "id": 1}, {"__typename": "T", "id": 2}]
    assert [each["variables"] for each in b.asked] == [{"r": shown}]


async def test_nothing_is_asked_about_no_objects() -> None:
    b = FakeSubgraph(names)
    a = FakeSubgraph(lambda _: {"data": {"users": []}})
    gathered = await run(TWO_STEPS, {"a": a, "b": b})
    assert (gathered.data, b.asked) == ({"users": []}, [])


async def test_a_fetch_starts_when_its_own_inputs_are_there() -> None:
    slow = FakeSubgraph(lambda _: {"data": {"slow": 1}}, delay=0.2)
    c = FakeSubgraph(names)
    plan = [
        root(0, "a", "{users{id}}"),
        root(1, "slow", "{slow}"),
        entities(2, "b", ("users", "@"), "name", 0),
        entities(3, "c", ("users", "@"), "name", 2),
    ]
    a, b = FakeSubgraph(users), FakeSubgraph(names)
    gathered = await run(plan, {"a": a, "b": b, "c": c, "slow": slow}, trace=True)
    assert gathered.trace is not None
    last = {each.service: each.started + each.seconds for each in gathered.trace}
    assert last["c"] < 0.1 < last["slow"]


async def test_independent_fetches_run_beside_each_other() -> None:
    fakes = {
        name: FakeSubgraph(lambda _, name=name: {"data": {name: 1}}, delay=0.1)
        for name in "abcd"
    }
    began = time.monotonic()
    gathered = await run(
        [root(number, name, f"{{{name}}}") for number, name in enumerate("abcd")], fakes
    )
    assert time.monotonic() - began < 0.3
    assert gathered.data == dict.fromkeys("abcd", 1)


async def test_a_failed_subgraph_costs_its_fields_and_names_itself_and_the_places() -> (
    None
):
    b = FakeSubgraph(lambda _: UnreachableError("refused"))
    gathered = await run(TWO_STEPS, {"a": FakeSubgraph(users), "b": b})
    assert gathered.data == {"users": [{"id": 1}, {"id": 2}, {"id": 1}]}
    assert [problem.path for problem in gathered.problems] == [
        ("users", 0),
        ("users", 1),
        ("users", 2),
    ]
    assert {str(problem.extensions) for problem in gathered.problems} == {
        "{'code': 'SUBGRAPH_UNAVAILABLE', 'service': 'b'}"
    }


async def test_a_failed_root_fetch_names_its_root_fields() -> None:
    a = FakeSubgraph(lambda _: b"<html>")
    gathered = await run([root(0, "a", "{one two:other}")], {"a": a})
    assert [problem.path for problem in gathered.problems] == [("one",), ("two",)]
    assert gathered.data == {}


async def test_what_waits_for_a_failed_fetch_is_settled_too() -> None:
    c = FakeSubgraph(names)
    plan = [*TWO_STEPS, entities(2, "c", ("users", "@", "boss"), "name", 1)]
    b = FakeSubgraph(lambda _: UnreachableError("refused"))
    await run(plan, {"a": FakeSubgraph(users), "b": b, "c": c})
    assert c.asked == []


async def test_a_hung_subgraph_delays_only_its_own_fields() -> None:
    hung = FakeSubgraph(lambda _: {"data": {"x": 1}}, delay=9)
    began = time.monotonic()
    gathered = await run(
        [root(0, "hung", "{x}"), root(1, "a", "{users{id}}")],
        {"hung": hung, "a": FakeSubgraph(users)},
        timeout=0.1,
    )
    assert time.monotonic() - began < 1
    assert gathered.data == users({})["data"]
    assert gathered.problems[0].extensions["service"] == "hung"


async def test_when_the_whole_requests_time_is_over_the_rest_are_faults() -> None:
    b = FakeSubgraph(names)
    a = FakeSubgraph(users, delay=0.08)
    gathered = await run(TWO_STEPS, {"a": a, "b": b}, seconds=0.04)
    assert gathered.problems[0].path == ("users",)
    assert b.asked == []


async def test_subgraph_errors_are_moved_to_the_clients_paths() -> None:
    def failing(_: Json) -> Json:
        error = {
            "message": "secret",
            "path": ["_e", 0, "name"],
            "extensions": {"code": "FORBIDDEN", "stack": "…"},
        }
        return {"data": {"_e": [{"name": None}, {"name": "N2"}]}, "errors": [error]}

    gathered = await run(
        TWO_STEPS, {"a": FakeSubgraph(users), "b": FakeSubgraph(failing)}
    )
    expected = {"code": "FORBIDDEN", "service": "b"}
    assert gathered.problems == [
        Problem("Subgraph errors redacted", (*place, "name"), expected, "secret")
        for place in (("users", 0), ("users", 2))
    ]


async def test_a_code_that_clients_may_read_shows_its_message_and_nothing_more() -> (
    None
):
    errors = [
        {
            "message": f"{code}!",
            "path": ["users"],
            "extensions": {"code": code, "sql": 1},
        }
        for code in ("BAD_USER_INPUT", "FORBIDDEN")
    ]
    a = FakeSubgraph(lambda _: {"data": {"users": None}, "errors": errors})
    readable = frozenset({"BAD_USER_INPUT"})
    gathered = await run(TWO_STEPS[:1], {"a": a}, readable=readable)
    assert [(each.message, each.extensions) for each in gathered.problems] == [
        ("BAD_USER_INPUT!", {"code": "BAD_USER_INPUT", "service": "a"}),
        ("Subgraph errors redacted", {"code": "FORBIDDEN", "service": "a"}),
    ]


async def test_errors_pass_whole_where_settings_let_them() -> None:
    error = {"message": "No such thing", "path": ["users"], "extensions": {"hint": 1}}
    a = FakeSubgraph(lambda _: {"data": {"users": None}, "errors": [error]})
    gathered = await run(TWO_STEPS[:1], {"a": a}, include_errors=True)
    (problem,) = gathered.problems
    assert problem.message == "No such thing"
    assert problem.extensions == {
        "hint": 1,
        "code": "DOWNSTREAM_SERVICE_ERROR",
        "service": "a",
    }


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {}},
        {"data": {"_e": None}},
        {"data": {"_e": [{}]}},
        {"data": {"_e": [1, 2]}},
        {"data": []},
        {"errors": "x"},
        b"{",
    ],
)
async def test_malformed_entities_are_a_fault_at_every_object(answer: Any) -> None:
    b = FakeSubgraph(lambda _: answer)
    gathered = await run(TWO_STEPS, {"a": FakeSubgraph(users), "b": b})
    assert {problem.extensions["code"] for problem in gathered.problems} == {
        "SUBREQUEST_MALFORMED_RESPONSE"
    }
    assert len(gathered.problems) == 3


async def test_guards_keep_a_fetch_from_being_made() -> None:
    b = FakeSubgraph(names)
    plan = [
        TWO_STEPS[0],
        entities(1, "b", ("users", "@"), "name", 0, guards=(Guard("x"),)),
    ]
    subgraphs = {"a": FakeSubgraph(users), "b": b}
    await run(plan, subgraphs, conditions={"x": False})
    assert b.asked == []
    await run(plan, subgraphs, conditions={"x": True})
    assert len(b.asked) == 1


async def test_variables_are_forwarded_as_the_client_gave_them() -> None:
    a = FakeSubgraph(users)
    plan = [root(0, "a", "query($n:Int $m:Int){users{id}}", variables=("n", "m"))]
    await run(plan, {"a": a}, variables={"n": 1, "z": 2})
    assert a.asked[0]["variables"] == {"n": 1}


async def test_callers_share_fetches_only_with_themselves_and_never_data() -> None:
    a, b = FakeSubgraph(users, delay=0.02), FakeSubgraph(names, delay=0.02)
    subgraphs = {"a": a, "b": b}
    plan = compile_plan(QueryPlan("query", tuple(TWO_STEPS)))
    shared = {name: Subgraph(name, fake) for name, fake in subgraphs.items()}

    async def one(who: str) -> Json:
        done = await execute(
            plan, shared, variables={}, conditions={}, caller=Caller(who), seconds=1
        )
        return done.data

    first, second, other = await asyncio.gather(one("ada"), one("ada"), one("ben"))
    assert first == second == other
    assert first["users"][0] is not second["users"][0]
    assert (len(a.asked), len(b.asked)) == (2, 2)


async def test_headers_go_along_as_the_caller_says() -> None:
    a = FakeSubgraph(users)
    caller = Caller(
        "ada", lambda service: ((b"x-for", service.encode()),), ((b"id", b"7"),)
    )
    await run(TWO_STEPS[:1], {"a": a}, caller=caller)
    assert a.headers == [((b"x-for", b"a"), (b"id", b"7"))]


async def test_being_cancelled_leaves_no_task_behind() -> None:
    slow = {name: FakeSubgraph(users, delay=9) for name in "ab"}
    plan = [root(0, "a", "{users{id}}"), root(1, "b", "{users{id}}")]
    before = asyncio.all_tasks()
    task = asyncio.create_task(run(plan, slow))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.01)
    assert asyncio.all_tasks() == before


async def test_an_answer_that_nests_without_end_is_a_fault() -> None:
    def nested(_: Json) -> bytes:
        return b'{"data":{"x":' + b'{"x":' * 990 + b"1" + b"}" * 990 + b"}}"

    a, b = FakeSubgraph(nested), FakeSubgraph(nested, delay=0.01)
    gathered = await run([root(0, "a", "{x}"), root(1, "b", "{x}")], {"a": a, "b": b})
    assert [each.extensions["service"] for each in gathered.problems] == ["b"]


async def test_errors_without_number_are_told_up_to_a_number() -> None:
    errors = [{"message": "no", "path": ["_e", 0]} for _ in range(5_000)]
    a = FakeSubgraph(lambda _: {"data": {"users": [{"id": 1} for _ in range(500)]}})
    b = FakeSubgraph(lambda _: {"data": {"_e": [None]}, "errors": errors})
    gathered = await run(TWO_STEPS, {"a": a, "b": b})
    assert 1_000 <= len(gathered.problems) <= 1_500
