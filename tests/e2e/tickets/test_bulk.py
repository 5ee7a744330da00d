"""The same change of many tickets: each whole or not, and told one by one."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

BULK = """mutation Bulk($in: BulkUpdateTicketsInput!) { bulkUpdateTickets(input: $in) {
  matched updatedCount repeated
  updated { title version status { key } group { id } assignee { id } tags }
  failures { id ticket { title version } errors { code path } }
  userErrors { code path } } }"""
LIFE = """query Life($id: ID) { ticket(id: $id) { title version status { key }
  group { id } tags history { nodes { kind } } } }"""
LINK = """mutation Link($in: LinkTicketsInput!) { linkTickets(input: $in) {
  userErrors { code } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  ticket { status { key } } userErrors { code path message } } }"""
RESOLVED = {"toStatusKey": "resolved", "resolutionCode": "fixed"}


async def bulk(desk: Desk, **given: Any) -> dict[str, Any]:
    return await desk.mutate(BULK, given, by=given.pop("by", desk.agent))


async def life(desk: Desk, key: str) -> dict[str, Any]:
    return (await desk.data(LIFE, {"id": key}, **desk.agent))["ticket"]


@pytest.fixture
async def three(desk: Desk) -> list[str]:
    return [(await desk.open(title, by=desk.agent))["id"] for title in "ABC"]


async def test_every_ticket_is_changed_by_the_verbs_that_would_change_it_alone(
    desk: Desk, three: list[str]
) -> None:
    group = new_id("grp")
    change = {"groupId": group, "assigneeId": desk.bob, "tags": ["x"], **RESOLVED}
    done = await bulk(desk, ids=three, set=change)
    assert (done["matched"], done["updatedCount"], done["failures"]) == (3, 3, [])
    assert done["updated"] == [
        {
            "title": title,
            "version": 4,
            "status": {"key": "resolved"},
            "group": {"id": group},
            "assignee": {"id": desk.bob},
            "tags": ["x"],
        }
        for title in "ABC"
    ]
    for key in three:
        kinds = [node["kind"] for node in (await life(desk, key))["history"]["nodes"]]
        assert kinds == [
            "CREATED",
            "GROUP_CHANGED",
            "ASSIGNEE_CHANGED",
            "FIELD_CHANGED",
            "RESOLVED",
        ]


async def test_one_that_fails_is_as_it_was_and_the_others_go_on(
    desk: Desk, three: list[str]
) -> None:
    a, b, c = three
    await desk.mutate(MOVE, {"id": b, **RESOLVED}, by=desk.agent)
    before = await life(desk, b)
    unknown = new_id("tkt")
    change = {"tags": ["late"], **RESOLVED}
    done = await bulk(desk, ids=[unknown, c, b, a, a], set=change)
    assert (done["matched"], done["updatedCount"]) == (4, 2)
    assert [each["title"] for each in done["updated"]] == ["A", "C"]
    assert done["failures"] == [
        {
            "id": b,
            "ticket": {"title": "B", "version": before["version"]},
            "errors": [
                {
                    "code": "INVALID_TRANSITION",
                    "path": ["input", "set", "toStatusKey"],
                }
            ],
        },
        {
            "id": unknown,
            "ticket": None,
            "errors": [{"code": "NOT_FOUND", "path": ["input", "id"]}],
        },
    ]
    assert await life(desk, b) == before
    assert (await life(desk, a))["tags"] == ["late"]


async def test_a_filter_chooses_what_the_viewer_sees(desk: Desk) -> None:
    mine = (await desk.open("Mine"))["id"]
    theirs = (await desk.open("Theirs", by=desk.agent))["id"]
    chosen = {"title": {"contains": "i"}}
    done = await bulk(desk, filter=chosen, set={"tags": ["x"]}, by=desk.requester)
    assert [each["title"] for each in done["updated"]] == ["Mine"]
    assert done["matched"] == 1
    assert (await life(desk, theirs))["tags"] == []
    assert (await life(desk, mine))["tags"] == ["x"]


async def test_rights_are_each_tickets_own(desk: Desk) -> None:
    mine = (await desk.open("Mine"))["id"]
    theirs = (await desk.open("Theirs", by=desk.agent))["id"]
    done = await bulk(
        desk, ids=[mine, theirs], set={"assigneeId": None}, by=desk.requester
    )
    codes = {each["id"]: each["errors"][0]["code"] for each in done["failures"]}
    assert codes == {mine: "FORBIDDEN", theirs: "NOT_FOUND"}
    titles = {each["id"]: each["ticket"] for each in done["failures"]}
    assert titles[theirs] is None


async def test_a_dry_run_tells_what_would_come_of_it_and_changes_nothing(
    desk: Desk, three: list[str]
) -> None:
    a, b, c = three
    await desk.mutate(MOVE, {"id": b, **RESOLVED}, by=desk.agent)
    before = [await life(desk, key) for key in three]
    given = {"ids": three, "set": RESOLVED, "idempotencyKey": "again"}
    tried = await bulk(desk, **given, dryRun=True)
    assert (tried["matched"], tried["updatedCount"]) == (3, 2)
    assert [each["id"] for each in tried["failures"]] == [b]
    assert [await life(desk, key) for key in three] == before
    done = await bulk(desk, **given)
    assert (done["repeated"], done["updatedCount"]) == (False, 2)
    again = await bulk(desk, **given)
    assert (again["repeated"], again["updatedCount"]) == (True, 2)
    assert again["failures"] == done["failures"]
    assert len((await life(desk, a))["history"]["nodes"]) == 2
    assert len((await life(desk, c))["history"]["nodes"]) == 2


async def test_what_cannot_be_begun_changes_nothing(
    desk: Desk, three: list[str]
) -> None:
    tags = {"tags": ["x"]}
    ids, some = ["input", "ids"], {"title": {"contains": "A"}}
    for given, code, path in (
        ({"ids": three, "set": {}}, "REQUIRED", ["input", "set"]),
        ({"ids": three, "set": {"toStatusKey": None}}, "REQUIRED", ["input", "set"]),
        ({"set": tags}, "REQUIRED", ids),
        ({"ids": [], "set": tags}, "REQUIRED", ids),
        ({"ids": three, "filter": some, "set": tags}, "REQUIRED", ids),
        ({"ids": [new_id("tkt") for _ in range(501)], "set": tags}, "TOO_LONG", ids),
        (
            {"ids": three, "set": {"groupId": "nobody"}},
            "INVALID",
            ["input", "set", "groupId"],
        ),
        (
            {"ids": three, "set": {"assigneeId": new_id("usr")}},
            "NOT_FOUND",
            ["input", "set", "assigneeId"],
        ),
    ):
        refused = await bulk(desk, **given)
        assert refused["userErrors"] == [{"code": code, "path": path}]
        assert (refused["matched"], refused["updated"]) == (0, [])
    assert [(await life(desk, key))["version"] for key in three] == [1, 1, 1]


async def test_more_than_five_hundred_are_refused_and_none_is_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five hundred tickets would take this test half a minute to open.
    for module in ("mutations.bulk", "service.bulk_update"):
        monkeypatch.setattr(f"subgraphs.tickets.{module}.MOST_AT_ONCE", 3)
    keys = [(await desk.open(f"T{n}", by=desk.agent))["id"] for n in range(4)]
    given: dict[str, Any] = {
        "filter": {"title": {"startsWith": "T"}},
        "set": {"tags": ["x"]},
    }
    refused = await bulk(desk, **given)
    error = {"code": "TOO_LONG", "path": ["input", "filter"]}
    assert refused["userErrors"] == [error]
    assert (await life(desk, keys[0]))["tags"] == []
    given["filter"] = {"title": {"startsWith": "T"}, "not": {"id": {"eq": keys[0]}}}
    assert (await bulk(desk, **given))["updatedCount"] == 3


@pytest.fixture
async def family(desk: Desk, three: list[str]) -> list[str]:
    for child in three[1:]:
        given = {"fromId": three[0], "toId": child, "kind": "PARENT_OF"}
        await desk.mutate(LINK, given, by=desk.agent)
    return three


async def test_a_parent_takes_its_open_children_along(
    desk: Desk, family: list[str]
) -> None:
    parent, closed, child = family
    await desk.mutate(MOVE, {"id": closed, "toStatusKey": "closed"}, by=desk.agent)
    given = {"id": parent, **RESOLVED, "closeChildren": True}
    assert (await desk.mutate(MOVE, given, by=desk.agent))["userErrors"] == []
    keys = [(await life(desk, key))["status"]["key"] for key in (parent, closed, child)]
    assert keys == ["resolved", "closed", "resolved"]


async def test_a_child_that_cannot_go_keeps_all_where_they_are(
    desk: Desk, family: list[str]
) -> None:
    parent = family[0]
    before = [await life(desk, key) for key in family]
    given = {"id": parent, "toStatusKey": "resolved", "closeChildren": True}
    refused = await desk.mutate(MOVE, given, by=desk.agent)
    (error,) = refused["userErrors"]
    assert (error["code"], error["path"]) == (
        "OPEN_CHILDREN",
        ["input", "closeChildren"],
    )
    assert "INC" in error["message"]
    assert [await life(desk, key) for key in family] == before


async def test_a_child_that_is_hidden_keeps_all_and_is_not_named(desk: Desk) -> None:
    mine = (await desk.open("Mine"))["id"]
    theirs = await desk.open("Theirs", by=desk.agent)
    given = {"fromId": mine, "toId": theirs["id"], "kind": "PARENT_OF"}
    await desk.mutate(LINK, given, by=desk.agent)
    given = {"id": mine, "toStatusKey": "cancelled", "closeChildren": True}
    refused = await desk.mutate(MOVE, given)
    assert [error["code"] for error in refused["userErrors"]] == ["OPEN_CHILDREN"]
    assert theirs["number"] not in str(refused)
    assert (await life(desk, mine))["status"] == {"key": "new"}
