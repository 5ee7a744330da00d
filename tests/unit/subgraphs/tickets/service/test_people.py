from collections.abc import Mapping
from typing import Any

import pytest

from kit.errors import RejectedError
from kit.identity import Identity, Kind
from kit.ids import new_id
from kit.public_graph import CallerGraph, GraphUnavailableError, PublicGraph
from subgraphs.tickets.service.people import People, PeopleMemory, Person

ADA, BOB = new_id("usr"), new_id("usr")
CALLER = Identity(ADA)


class Asked(PublicGraph):
    """A graph that answers from a dictionary, and counts."""

    def __init__(self, users: dict[str, Any] | None) -> None:
        self.users = users
        self.times = 0

    async def ask(
        self, query: str, variables: Mapping[str, Any], authorization: str | None
    ) -> dict[str, Any]:
        assert "user(id: $id)" in query
        assert authorization == "Bearer x"
        self.times += 1
        if self.users is None:
            raise GraphUnavailableError("down")
        return {"user": self.users.get(variables["id"])}


def people(graph: Asked, caller: Identity = CALLER, memory: Any = None) -> People:
    return People(memory or PeopleMemory(), CallerGraph(graph, "Bearer x"), caller)


def user(key: str, *, active: bool = True, department: str | None = None) -> Any:
    return {
        "id": key,
        "active": active,
        "department": {"id": department} if department else None,
    }


async def test_a_person_comes_with_their_department_and_is_asked_for_once() -> None:
    graph = Asked({BOB: user(BOB, department="dep_1")})
    known = people(graph)
    for _ in range(2):
        assert await known.requester(BOB) == Person(BOB, True, "dep_1")
    assert graph.times == 1


async def test_what_one_caller_learned_another_must_ask() -> None:
    graph, memory = Asked({BOB: user(BOB)}), PeopleMemory()
    await people(graph, memory=memory).requester(BOB)
    graph.users = {}
    with pytest.raises(RejectedError):
        await people(graph, Identity(new_id("usr")), memory).requester(BOB)


async def test_callers_know_themselves_where_nobody_answers() -> None:
    down = people(Asked(None))
    assert await down.requester(ADA) == Person(ADA)
    with pytest.raises(RejectedError) as refused:
        await down.requester(BOB)
    assert refused.value.code.value == "UNAVAILABLE"


async def test_who_left_gets_no_work_but_from_an_import() -> None:
    graph = Asked({BOB: user(BOB, active=False)})
    with pytest.raises(RejectedError) as refused:
        await people(graph).assignee(BOB)
    assert refused.value.code.value == "INVALID"
    service = Identity(new_id("sva"), Kind.SERVICE)
    assert (await people(graph, service).assignee(BOB)).id == BOB


async def test_no_question_is_asked_about_what_is_no_user() -> None:
    graph = Asked({})
    with pytest.raises(RejectedError):
        await people(graph).requester("grp_1")
    assert graph.times == 0
