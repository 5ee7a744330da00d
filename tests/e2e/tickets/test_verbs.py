"""Changing, assigning and moving tickets: effects, refusals, history."""

from typing import Any

import pytest

from kit.ids import new_id

Desk = Any  # the fixture's class; test folders are not packages

NOW = """{
  id version priority priorityOverridden impact urgency title description tags
  holdReason reassignmentCount reopenCount resolvedAt closedAt status { key }
  group { id } assignee { id } resolution { code notes resolvedBy { id } }
  history { nodes { seq kind field before after note via actor { id } } }
}"""
READ = f"query Read($id: ID) {{ ticket(id: $id) {NOW} }}"


def verb(name: str, *, event: bool = True) -> str:
    given = f"{name[0].upper()}{name[1:]}Input"
    more = "event { seq kind }" if event else ""
    return f"""mutation Do($in: {given}!) {{ {name}(input: $in) {{
      repeated {more} userErrors {{ code path }} ticket {NOW} }} }}"""


UPDATE = verb("updateTicket", event=False)
ASSIGN = verb("assignTicket")
MOVE = verb("transitionTicket")


async def read(desk: Desk, key: str) -> dict[str, Any]:
    data = await desk.data(READ, {"id": key}, **desk.agent)
    return data["ticket"]


def last(ticket: dict[str, Any]) -> dict[str, Any]:
    return ticket["history"]["nodes"][-1]


async def test_impact_moves_the_priority_and_each_change_is_an_event(
    desk: Desk,
) -> None:
    ticket = await desk.open()
    payload = await desk.mutate(
        UPDATE,
        {"id": ticket["id"], "impact": "HIGH", "urgency": "HIGH", "tags": ["vip"]},
        by=desk.agent,
    )
    after = payload["ticket"]
    assert (after["priority"], after["version"]) == ("CRITICAL", 2)
    changed = [
        (e["seq"], e["field"], e["before"], e["after"])
        for e in after["history"]["nodes"][1:]
    ]
    assert changed == [
        (2, "tags", [], ["vip"]),
        (3, "impact", "MEDIUM", "HIGH"),
        (4, "urgency", "MEDIUM", "HIGH"),
        (5, "priority", "MODERATE", "CRITICAL"),
    ]


async def test_an_overridden_priority_stays_until_the_override_is_cleared(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]

    async def update(**given: Any) -> tuple[str, bool]:
        payload = await desk.mutate(UPDATE, {"id": key, **given}, by=desk.agent)
        ticket = payload["ticket"]
        return ticket["priority"], ticket["priorityOverridden"]

    why = "The vendor comes in May."
    planned = {"priorityOverride": "PLANNING", "priorityOverrideReason": why}
    assert await update(**planned) == ("PLANNING", True)
    assert await update(impact="HIGH") == ("PLANNING", True)
    assert await update(priorityOverride=None) == ("HIGH", False)
    ticket = await read(desk, key)
    said = [(e["field"], e["note"]) for e in ticket["history"]["nodes"][1:]]
    assert said == [
        ("priority", why),
        ("priorityOverridden", why),
        ("impact", None),
        ("priority", None),
        ("priorityOverridden", None),
    ]


async def test_an_absent_field_is_unchanged_and_an_explicit_null_clears(
    desk: Desk,
) -> None:
    key = (await desk.open(description="Long story"))["id"]
    kept = await desk.mutate(UPDATE, {"id": key, "title": "Short"})
    assert kept["ticket"]["description"] == "Long story"
    cleared = await desk.mutate(UPDATE, {"id": key, "description": None})
    assert cleared["ticket"]["description"] is None
    assert cleared["ticket"]["title"] == "Short"


async def test_nothing_new_leaves_no_event_and_the_version(desk: Desk) -> None:
    ticket = await desk.open()
    same = {"id": ticket["id"], "title": ticket["title"], "impact": "MEDIUM"}
    payload = await desk.mutate(UPDATE, same, by=desk.agent)
    assert payload["ticket"]["version"] == 1
    nobody = {"id": ticket["id"], "assigneeId": None}
    payload = await desk.mutate(ASSIGN, nobody, by=desk.agent)
    assert payload["event"] is None
    assert payload["ticket"]["version"] == 1


async def test_a_change_of_group_counts_and_one_of_the_assignee_does_not(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    first, second = new_id("grp"), new_id("grp")
    counts: list[int] = []
    for given in (
        {"groupId": first},
        {"assigneeId": desk.bob},
        {"groupId": second, "assigneeId": None, "note": "Not ours."},
        {"groupId": second},
        {"groupId": None},
    ):
        payload = await desk.mutate(ASSIGN, {"id": key, **given}, by=desk.agent)
        assert payload["userErrors"] == []
        counts.append(payload["ticket"]["reassignmentCount"])
    assert counts == [1, 1, 2, 2, 3]
    ticket = await read(desk, key)
    kinds = [e["kind"] for e in ticket["history"]["nodes"]]
    assert kinds == [
        "CREATED",
        "GROUP_CHANGED",
        "ASSIGNEE_CHANGED",
        "GROUP_CHANGED",
        "ASSIGNEE_CHANGED",
        "GROUP_CHANGED",
    ]
    assert last(ticket)["before"] == second
    assert last(ticket)["actor"] == {"id": desk.bob}


async def test_a_ticket_goes_on_hold_for_a_reason_is_resolved_reopened_and_closed(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    seen: list[tuple[str, str | None, str, int]] = []
    for step in (
        {"toStatusKey": "in_progress"},
        {"toStatusKey": "on_hold", "holdReason": "REQUESTER"},
        {"toStatusKey": "on_hold", "holdReason": "VENDOR"},
        {
            "toStatusKey": "resolved",
            "resolutionCode": "fixed",
            "resolutionNotes": "New toner.",
        },
        {"toStatusKey": "in_progress", "note": "Still smokes."},
        {"toStatusKey": "resolved", "resolutionCode": "replaced"},
        {"toStatusKey": "closed"},
    ):
        payload = await desk.mutate(MOVE, {"id": key, **step}, by=desk.agent)
        assert payload["userErrors"] == [], step
        now = payload["ticket"]
        kind = payload["event"]["kind"]
        seen.append((now["status"]["key"], now["holdReason"], kind, now["reopenCount"]))
    assert seen == [
        ("in_progress", None, "STATUS_CHANGED", 0),
        ("on_hold", "REQUESTER", "STATUS_CHANGED", 0),
        ("on_hold", "VENDOR", "STATUS_CHANGED", 0),
        ("resolved", None, "RESOLVED", 0),
        ("in_progress", None, "REOPENED", 1),
        ("resolved", None, "RESOLVED", 1),
        ("closed", None, "CLOSED", 1),
    ]
    ticket = await read(desk, key)
    assert ticket["resolution"]["code"] == "replaced"
    assert ticket["resolution"]["notes"] is None
    assert ticket["resolution"]["resolvedBy"] == {"id": desk.bob}
    assert ticket["closedAt"] is not None
    assert [e["seq"] for e in ticket["history"]["nodes"]] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("step", "code", "path"),
    [
        ({"toStatusKey": "nowhere"}, "NOT_FOUND", "toStatusKey"),
        ({"toStatusKey": "new"}, "INVALID_TRANSITION", "toStatusKey"),
        ({"toStatusKey": "on_hold"}, "REQUIRED", "holdReason"),
        ({"toStatusKey": "resolved"}, "REQUIRED", "resolutionCode"),
        (
            {"toStatusKey": "in_progress", "holdReason": "VENDOR"},
            "INVALID",
            "holdReason",
        ),
        (
            {"toStatusKey": "cancelled", "resolutionCode": "x"},
            "INVALID",
            "resolutionCode",
        ),
        (
            {"toStatusKey": "resolved", "resolutionCode": "x" * 65},
            "TOO_LONG",
            "resolutionCode",
        ),
        (
            {"toStatusKey": "in_progress", "note": "bell \x07"},
            "INVALID",
            "note",
        ),
    ],
)
async def test_a_step_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, step: dict[str, Any], code: str, path: str
) -> None:
    key = (await desk.open())["id"]
    before = await read(desk, key)
    payload = await desk.mutate(MOVE, {"id": key, **step}, by=desk.agent)
    assert payload["userErrors"] == [{"code": code, "path": ["input", path]}]
    assert payload["ticket"] is None
    assert await read(desk, key) == before


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"title": " "}, "REQUIRED", "title"),
        ({"title": None}, "REQUIRED", "title"),
        ({"title": "x" * 251}, "TOO_LONG", "title"),
        ({"title": "two\nlines"}, "INVALID", "title"),
        ({"description": "x" * 20_001}, "TOO_LONG", "description"),
        ({"description": "nul \x00"}, "INVALID", "description"),
        ({"tags": ["x"] * 3 + [f"t{n}" for n in range(20)]}, "TOO_LONG", "tags"),
        ({"priorityOverride": "LOW"}, "REQUIRED", "priorityOverrideReason"),
        ({"priorityOverrideReason": "So."}, "INVALID", "priorityOverrideReason"),
        ({"categoryId": new_id("cat")}, "NOT_FOUND", "categoryId"),
        ({"serviceId": "svc_1"}, "NOT_FOUND", "serviceId"),
        ({"expectedVersion": 7, "title": "Old"}, "STALE", "expectedVersion"),
    ],
)
async def test_a_value_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, path: str
) -> None:
    key = (await desk.open())["id"]
    before = await read(desk, key)
    payload = await desk.mutate(UPDATE, {"id": key, **given}, by=desk.agent)
    assert payload["userErrors"] == [{"code": code, "path": ["input", path]}]
    assert payload["ticket"] == (before if code == "STALE" else None)
    assert await read(desk, key) == before


async def test_assigning_to_nobody_known_is_refused(desk: Desk) -> None:
    key = (await desk.open())["id"]
    gone = desk.people.person()
    desk.people.left.add(gone)
    refused = {
        ("assigneeId", "NOT_FOUND"): {"assigneeId": new_id("usr")},
        ("assigneeId", "INVALID"): {"assigneeId": gone},
        ("groupId", "INVALID"): {"groupId": desk.bob},
    }
    for (path, code), given in refused.items():
        payload = await desk.mutate(ASSIGN, {"id": key, **given}, by=desk.agent)
        assert payload["userErrors"] == [{"code": code, "path": ["input", path]}]
    assert (await read(desk, key))["version"] == 1
