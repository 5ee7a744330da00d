import asyncio
from typing import Any

import pytest

from kit.ids import new_id

CREATE, UPDATE = (
    f"""
mutation ($in: {verb[0].upper()}{verb[1:]}Input!) {{
  {verb}(input: $in) {{
    userErrors {{ code path }}
    group {{
      id name kind email assignmentPolicy version viewerIsMember
      parent {{ name }} department {{ id }} lead {{ id }}
    }}
  }}
}}
"""
    for verb in ("createGroup", "updateGroup")
)


async def test_a_group_is_kept_as_it_was_given(teams: Any) -> None:
    top = await teams.make("IT")
    payload = await teams.send(
        CREATE,
        name="  Service Desk ",
        kind="ASSIGNMENT",
        parentId=top,
        departmentId=teams.department,
        leadId=teams.bob,
        email="Desk@Example.com",
        assignmentPolicy="LEAST_LOADED",
    )
    group = payload["group"]
    assert group.pop("id").startswith("grp_")
    assert payload == {
        "userErrors": [],
        "group": {
            "name": "Service Desk",
            "kind": "ASSIGNMENT",
            "email": "desk@example.com",
            "assignmentPolicy": "LEAST_LOADED",
            "version": 1,
            "viewerIsMember": False,
            "parent": {"name": "IT"},
            "department": {"id": teams.department},
            "lead": {"id": teams.bob},
        },
    }


async def test_a_change_changes_what_it_names_and_null_clears(teams: Any) -> None:
    key = await teams.make("Desk", leadId=teams.bob, email="a@b.c")
    payload = await teams.send(
        UPDATE, id=key, name="Help desk", leadId=None, kind="APPROVAL"
    )
    found = payload["group"]
    assert (found["name"], found["lead"], found["kind"]) == (
        "Help desk",
        None,
        "APPROVAL",
    )
    assert (found["email"], found["version"]) == ("a@b.c", 2)
    same = await teams.send(UPDATE, id=key, name="Help desk")
    assert same["group"]["version"] == 2
    upper = await teams.send(UPDATE, id=key, name="HELP desk")
    assert upper["group"]["name"] == "HELP desk"


async def test_two_groups_never_share_a_name(teams: Any) -> None:
    await teams.make("Service Desk")
    other = await teams.make("Other")
    taken = ["TAKEN", "input", "name"]
    assert await teams.refused(CREATE, name="service  desk", kind="APPROVAL") == taken
    assert await teams.refused(UPDATE, id=other, name="SERVICE DESK") == taken
    made = await asyncio.gather(
        *(teams.send(CREATE, name="Race", kind="APPROVAL") for _ in range(8))
    )
    assert sum(each["group"] is not None for each in made) == 1
    assert sum(each["userErrors"] != [] for each in made) == 7


async def test_no_group_lies_inside_itself_however_they_race(teams: Any) -> None:
    top = await teams.make("Top")
    middle = await teams.make("Middle", parentId=top)
    bottom = await teams.make("Bottom", parentId=middle)
    for parent in (top, middle, bottom):
        assert await teams.refused(UPDATE, id=top, parentId=parent) == [
            "CYCLE",
            "input",
            "parentId",
        ]
    left, right = await teams.make("Left"), await teams.make("Right")
    moved = await asyncio.gather(
        teams.send(UPDATE, id=left, parentId=right),
        teams.send(UPDATE, id=right, parentId=left),
    )
    assert sorted(bool(each["userErrors"]) for each in moved) == [False, True]


async def test_a_stale_change_is_refused_and_tells_what_is_now(teams: Any) -> None:
    key = await teams.make("Desk")
    await teams.send(UPDATE, id=key, name="Desk 2", expectedVersion=1)
    payload = await teams.send(UPDATE, id=key, name="Desk 3", expectedVersion=1)
    assert payload["userErrors"] == [
        {"code": "STALE", "path": ["input", "expectedVersion"]}
    ]
    assert payload["group"]["name"] == "Desk 2"


async def test_a_request_sent_twice_has_one_effect(teams: Any) -> None:
    sent = {"name": "Once", "kind": "ASSIGNMENT", "idempotencyKey": "once"}
    both = await asyncio.gather(*(teams.send(CREATE, **sent) for _ in range(2)))
    assert both[0] == both[1]
    assert both[0]["group"] is not None


BAD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("", {"name": " "}, ["REQUIRED", "name"]),
    ("", {"name": "x" * 201}, ["TOO_LONG", "name"]),
    ("", {"name": "a\u0000b"}, ["INVALID", "name"]),
    ("", {"name": "a\nb"}, ["INVALID", "name"]),
    ("", {"name": "a\u202eb"}, ["INVALID", "name"]),
    ("", {"email": "nobody"}, ["INVALID", "email"]),
    ("", {"email": "x" * 251 + "@b.c"}, ["TOO_LONG", "email"]),
    ("", {"parentId": new_id("grp")}, ["NOT_FOUND", "parentId"]),
    ("", {"parentId": new_id("usr")}, ["NOT_FOUND", "parentId"]),
    ("", {"parentId": ""}, ["NOT_FOUND", "parentId"]),
    ("", {"leadId": new_id("usr")}, ["NOT_FOUND", "leadId"]),
    ("", {"leadId": new_id("grp")}, ["NOT_FOUND", "leadId"]),
    ("", {"leadId": "\u0000"}, ["NOT_FOUND", "leadId"]),
    ("", {"departmentId": new_id("dep")}, ["NOT_FOUND", "departmentId"]),
    ("", {"departmentId": "x" * 9000}, ["NOT_FOUND", "departmentId"]),
    ("update", {"name": None}, ["REQUIRED", "name"]),
    ("update", {"kind": None}, ["REQUIRED", "kind"]),
    ("update", {"assignmentPolicy": None}, ["REQUIRED", "assignmentPolicy"]),
    ("update", {"id": new_id("grp")}, ["NOT_FOUND", "id"]),
    ("update", {"id": new_id("usr")}, ["NOT_FOUND", "id"]),
    ("update", {"id": ""}, ["NOT_FOUND", "id"]),
]


@pytest.mark.parametrize(("verb", "given", "says"), BAD)
async def test_bad_input_is_refused_where_it_is_and_changes_nothing(
    teams: Any, verb: str, given: dict[str, Any], says: list[str]
) -> None:
    key = await teams.make("Desk")
    whole = {"id": key} if verb else {"name": "New", "kind": "ASSIGNMENT"}
    found = await teams.refused(UPDATE if verb else CREATE, **{**whole, **given})
    assert found == [says[0], "input", says[1]]


async def test_where_users_does_not_answer_nothing_is_changed(teams: Any) -> None:
    teams.directory.down = True
    assert await teams.refused(
        CREATE, name="Desk", kind="ASSIGNMENT", leadId=teams.bob
    ) == ["UNAVAILABLE", "input", "leadId"]
    assert await teams.make("Without a lead")


async def test_only_who_may_manage_groups_changes_them(teams: Any) -> None:
    key = await teams.make("Desk")
    asked = teams.directory.asked
    for mutation, given in (
        (CREATE, {"name": "New", "kind": "ASSIGNMENT", "leadId": teams.bob}),
        (UPDATE, {"id": key, "name": "New"}),
    ):
        found = await teams.refused(mutation, by=teams.reader, **given)
        assert found == ["FORBIDDEN"]
    assert teams.directory.asked == asked
