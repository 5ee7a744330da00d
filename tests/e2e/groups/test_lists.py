import re
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

import asyncpg
import pytest

from kit.database import Query
from kit.filters import EVERYTHING, MAX_DEPTH, condition
from kit.pagination import Page
from subgraphs.groups.models import GroupMemberRow
from subgraphs.groups.repository import reads
from subgraphs.groups.repository.columns import ALL_GROUPS, BY_JOINING

LIST = """
query ($filter: GroupFilter, $first: Int, $after: String) {
  groups(filter: $filter, first: $first, after: $after) {
    nodes { name } pageInfo { hasNextPage endCursor }
  }
}
"""
NESTED = """
{ groups { totalCount nodes {
    name viewerIsMember parent { name } children { name }
    members(first: 2) { totalCount nodes { id } pageInfo { hasNextPage } }
} } }
"""
MEMBERS = """
query ($id: ID!, $after: String) {
  group(id: $id) { members(first: 3, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor } } }
}
"""


@pytest.fixture
async def desk(teams: Any) -> str:
    """Six groups, one in another, and seven members of the one that is returned."""
    top = await teams.make("Top", departmentId=teams.department)
    found = await teams.make("Desk", parentId=top)
    for name in ("Board", "Change", "Élan", "zeta"):
        await teams.make(name)
    people = [teams.bob, *(teams.directory.person() for _ in range(6))]
    async with teams.service.database.unit_of_work() as session:
        session.add_all(
            GroupMemberRow(group_id=found, user_id=each, skills=[]) for each in people
        )
    return str(found)


async def names(teams: Any, **variables: Any) -> list[str]:
    data = await teams.data(LIST, variables, **teams.reader)
    return [each["name"] for each in data["groups"]["nodes"]]


async def test_every_filter_finds_what_it_says(teams: Any, desk: str) -> None:
    every = await names(teams)
    assert sorted(every) == sorted("Board Change Desk Top zeta Élan".split())  # noqa: SIM905 - a row
    two = ["Desk", "Top"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"id": {"eq": desk}}, ["Desk"]),
        ({"name": {"startsWith": "d"}}, ["Desk"]),
        ({"name": {"contains": "%"}}, []),
        ({"kind": ["APPROVAL"]}, []),
        ({"kind": []}, []),
        ({"kind": ["ASSIGNMENT", "APPROVAL"], "name": {"eq": "Top"}}, ["Top"]),
        ({"department": {"eq": teams.department}}, ["Top"]),
        ({"member": {"eq": teams.bob}}, ["Desk"]),
        ({"member": {"in": [teams.bob, "x"]}}, ["Desk"]),
        ({"member": {"nin": [teams.bob]}}, [n for n in every if n != "Desk"]),
        ({"member": {"isNull": True}}, [n for n in every if n != "Desk"]),
        ({"member": {"isNull": False}}, ["Desk"]),
        ({"or": [{"name": {"eq": "Top"}}, {"member": {"eq": teams.bob}}]}, two),
        ({"not": {"member": {"isNull": True}}}, ["Desk"]),
        ({"or": []}, []),
        ({"and": [], "name": None}, every),
    ]
    for filter_, found in cases:
        assert await names(teams, filter=filter_) == found, filter_


async def test_pages_join_up(teams: Any, desk: str) -> None:
    gathered: list[str] = []
    place, more = None, True
    while more:
        data = await teams.data(LIST, {"first": 2, "after": place}, **teams.reader)
        gathered += [each["name"] for each in data["groups"]["nodes"]]
        place = data["groups"]["pageInfo"]["endCursor"]
        more = data["groups"]["pageInfo"]["hasNextPage"]
    assert gathered == await names(teams)
    people: list[str] = []
    more, place = True, None
    while more:
        variables = {"id": desk, "after": place}
        data = await teams.data(MEMBERS, variables, **teams.reader)
        page = data["group"]["members"]
        people += [each["node"]["id"] for each in page["edges"]]
        place, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(people) == len(set(people)) == 7


@pytest.mark.usefixtures("desk")
async def test_all_groups_with_all_about_them_cost_seven_statements(
    teams: Any,
) -> None:
    with teams.counted() as statements:
        data = await teams.data(NESTED, **teams.reader)
    assert len(statements) == 7
    groups = {each.pop("name"): each for each in data["groups"]["nodes"]}
    assert data["groups"]["totalCount"] == 6
    assert groups["Top"]["children"] == [{"name": "Desk"}]
    assert groups["Top"]["members"]["totalCount"] == 0
    assert groups["Desk"]["parent"] == {"name": "Top"}
    assert groups["Desk"]["viewerIsMember"] is True
    assert groups["Desk"]["members"]["totalCount"] == 7
    assert len(groups["Desk"]["members"]["nodes"]) == 2
    assert groups["Desk"]["members"]["pageInfo"] == {"hasNextPage": True}


@pytest.mark.parametrize(
    "variables",
    [
        {"first": -1},
        {"first": 101},
        {"after": "x"},
        {"filter": {"name": {"eq": None}}},
        {"filter": {"name": {"eq": "\u0000"}}},
        {"filter": {"member": {"in": ["x"] * 501}}},
    ],
)
async def test_bad_arguments_are_bad_input(
    teams: Any, variables: dict[str, Any]
) -> None:
    answer = await teams.ask(LIST, variables, **teams.reader)
    assert {each["extensions"]["code"] for each in answer["errors"]} == {
        "BAD_USER_INPUT"
    }


@pytest.mark.parametrize("word", ["not", "and", "or"])
async def test_a_filter_nests_so_deep_and_no_deeper(teams: Any, word: str) -> None:
    def nested(levels: int) -> dict[str, Any]:
        wanted = leaf = {"name": {"eq": "Desk"}}
        for _ in range(levels):
            # one alone in a list would be no level of its own
            wanted = {"not": wanted} if word == "not" else {word: [leaf, wanted]}
        return {"filter": wanted}

    found = await teams.ask(LIST, nested(MAX_DEPTH), **teams.reader)
    assert "errors" not in found
    answer = await teams.ask(LIST, nested(MAX_DEPTH + 1), **teams.reader)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"at most {MAX_DEPTH} levels" in error["message"]


async def test_the_list_is_for_readers_of_the_directory(teams: Any) -> None:
    answer = await teams.ask(LIST, {}, subject=teams.bob, scopes=["tickets:read_all"])
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN"]


def lists() -> Iterator[Query]:
    for wanted in (EVERYTHING, condition("department", "eq", "dep_1")):
        for place in (None, ("", "")):
            page = Page(ALL_GROUPS, 50, place=place)
            yield reads.groups_page(wanted.shape, page.shape)
            yield reads.member_pages(Page(BY_JOINING, 50, place=place).shape)
    yield reads.GROUPS_BY_ID
    yield reads.GROUPS_BY_PARENT
    yield reads.GROUPS_BY_USER
    yield reads.MEMBERSHIPS
    yield reads.MEMBERS_BY_USER
    yield reads.MEMBER_COUNTS
    yield reads.ABSENCES_BY_USER


@pytest.fixture
async def connection(
    database_url: Callable[[str], str],
) -> "AsyncGenerator[asyncpg.Connection[asyncpg.Record]]":
    """A session that plans whatever the values are, and scans only where it must."""
    opened = await asyncpg.connect(database_url("groups"))
    await opened.execute("SET plan_cache_mode = force_generic_plan")
    await opened.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
    yield opened
    await opened.close()


async def test_every_list_is_read_by_an_index(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for query in lists():
        values = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", query.sql))))
        await connection.execute(f"PREPARE asked AS {query.sql}")
        rows = await connection.fetch(f"EXPLAIN EXECUTE asked({values})")
        await connection.execute("DEALLOCATE asked")
        plan = "\n".join(row[0] for row in rows)
        assert "Seq Scan" not in plan, f"{query.sql}\n{plan}"
        inner = plan.partition("Nested Loop")[2] or plan
        assert "LIMIT" not in query.sql or "Sort" not in inner, plan
