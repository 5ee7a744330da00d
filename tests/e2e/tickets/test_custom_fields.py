"""Fields that administrators add: defined, filled, refused; updateCustomField."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.ticket_fields import (
    ALL,
    CATEGORY,
    CHANGE,
    CREATE,
    OPEN,
    READ,
    UPDATE,
    field,
    opened,
    seven_fields,
)

Desk = Any  # the fixture's class; test folders are not packages


@pytest.fixture
async def seven(desk: Desk) -> dict[str, Any]:
    return await seven_fields(desk)


async def test_every_kind_is_kept_as_what_it_is(
    desk: Desk, seven: dict[str, Any]
) -> None:
    done = await opened(desk, {**seven, "colours": ["blue", "red", "blue"]})
    assert done["userErrors"] == []
    found = done["ticket"]["customFields"]
    assert {each["key"]: each["value"] for each in found} == seven
    assert [each["key"] for each in found] == list(seven)
    assert found[1] == {"key": "seats", "label": "Seats", "kind": "NUMBER", "value": 12}


async def test_each_field_that_changes_is_an_event_and_null_clears(
    desk: Desk, seven: dict[str, Any]
) -> None:
    key = (await opened(desk, seven))["ticket"]["id"]
    entries = [
        {"key": "site", "value": "Trier"},
        {"key": "vip", "value": None},
        {"key": "seats", "value": 12},
    ]
    given = {"id": key, "customFields": entries}
    refused = await desk.mutate(UPDATE, given)
    assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    done = await desk.mutate(UPDATE, given, by=desk.agent)
    assert done["ticket"]["version"] == 2
    kept = {each["key"]: each["value"] for each in done["ticket"]["customFields"]}
    assert kept == {**{k: v for k, v in seven.items() if k != "vip"}, "site": "Trier"}
    ticket = (await desk.data(READ, {"id": key}, **desk.agent))["ticket"]
    assert ticket["history"]["nodes"][1:] == [
        {"field": "customFields.site", "before": "Bonn", "after": "Trier"},
        {"field": "customFields.vip", "before": False, "after": None},
    ]
    again = await desk.mutate(UPDATE, given, by=desk.agent)
    assert again["ticket"]["version"] == 2


@pytest.mark.parametrize(
    ("entry", "code", "part"),
    [
        (("nowhere", "x"), "NOT_FOUND", "key"),
        (("site", 7), "INVALID", "value"),
        (("site", "x" * 11), "TOO_LONG", "value"),
        (("site", "bell \x07"), "INVALID", "value"),
        (("seats", "12"), "INVALID", "value"),
        (("seats", True), "INVALID", "value"),
        (("seats", 0), "INVALID", "value"),
        (("seats", 50.5), "INVALID", "value"),
        (("vip", "yes"), "INVALID", "value"),
        (("due", "24.12.2026"), "INVALID", "value"),
        (("due", "2026-02-30"), "INVALID", "value"),
        (("due", "9999-01-01"), "INVALID", "value"),
        (("size", "XL"), "INVALID", "value"),
        (("size", {"a": []}), "INVALID", "value"),
        (("colours", "red"), "INVALID", "value"),
        (("colours", ["red", "pink"]), "INVALID", "value"),
        (("colours", [["red"]]), "INVALID", "value"),
        (("buyer", new_id("usr")), "NOT_FOUND", "value"),
        (("buyer", "bob"), "NOT_FOUND", "value"),
    ],
)
async def test_a_value_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, seven: dict[str, Any], entry: tuple[str, Any], code: str, part: str
) -> None:
    key, value = entry
    ticket = (await opened(desk, seven))["ticket"]["id"]
    before = await desk.data(READ, {"id": ticket}, **desk.agent)
    count = await desk.data(ALL, **desk.agent)
    good, bad = {"key": "site", "value": "Ulm"}, {"key": key, "value": value}
    entries = [bad] if key == "site" else [good, bad]
    number = str(len(entries) - 1)
    error = {"code": code, "path": ["input", "customFields", number, part]}
    refused = await desk.mutate(
        OPEN, {"type": "INCIDENT", "title": "T", "customFields": entries}
    )
    assert refused == {"ticket": None, "userErrors": [error]}
    refused = await desk.mutate(
        UPDATE, {"id": ticket, "customFields": entries}, by=desk.agent
    )
    assert refused["userErrors"] == [error]
    assert await desk.data(READ, {"id": ticket}, **desk.agent) == before
    assert await desk.data(ALL, **desk.agent) == count


async def test_a_required_field_must_be_filled_and_is_not_cleared(desk: Desk) -> None:
    await field(desk, "site", "TEXT", required=True, appliesTo=["INCIDENT"])
    missing = await opened(desk, {})
    error = {"code": "REQUIRED", "path": ["input", "customFields"]}
    assert missing == {"ticket": None, "userErrors": [error]}
    assert (await opened(desk, {}, type="PROBLEM"))["userErrors"] == []
    key = (await opened(desk, {"site": "Bonn"}))["ticket"]["id"]
    cleared = {"id": key, "customFields": [{"key": "site", "value": " "}]}
    refused = await desk.mutate(UPDATE, cleared, by=desk.agent)
    error = {"code": "REQUIRED", "path": ["input", "customFields", "0", "value"]}
    assert refused["userErrors"] == [error]
    other = await desk.mutate(UPDATE, {"id": key, "title": "Else"}, by=desk.agent)
    assert other["userErrors"] == []
    wanted = {"type": "INCIDENT", "title": "T", "occurredAt": "2016-03-01T00:00:00Z"}
    retold = await desk.mutate(
        OPEN, {**wanted, "requesterId": desk.ada}, by=desk.importer
    )
    assert retold["userErrors"] == []


async def test_a_field_of_a_category_is_one_of_all_inside_it(desk: Desk) -> None:
    async def category(name: str, parent: str | None = None) -> str:
        given = {"name": name, "parentId": parent}
        made = await desk.mutate(CATEGORY, given, by=desk.importer)
        return made["category"]["id"]

    hardware = await category("Hardware")
    printers, software = (
        await category("Printers", hardware),
        await category("Software"),
    )
    made = await field(desk, "asset", "TEXT", categoryIds=[hardware])
    assert made["categories"] == [{"name": "Hardware"}]
    for place in (hardware, printers):
        done = await opened(desk, {"asset": "P-7"}, categoryId=place)
        assert done["userErrors"] == []
    error = {"code": "NOT_FOUND", "path": ["input", "customFields", "0", "key"]}
    for place in (software, None):
        refused = await opened(desk, {"asset": "P-7"}, categoryId=place)
        assert refused["userErrors"] == [error]


async def test_a_retired_field_stays_on_tickets_and_takes_no_value(desk: Desk) -> None:
    made = await field(desk, "site", "TEXT", required=True)
    key = (await opened(desk, {"site": "Bonn"}))["ticket"]["id"]
    retire = {"id": made["id"], "retired": True, "label": "Old site"}
    done = await desk.mutate(CHANGE, retire, by=desk.manager)
    assert done["customField"] == {
        "id": made["id"],
        "label": "Old site",
        "retired": True,
        "required": True,
    }
    kept = (await desk.data(READ, {"id": key}, **desk.agent))["ticket"]
    assert kept["customFields"] == [{"key": "site", "value": "Bonn"}]
    assert (await opened(desk, {}))["userErrors"] == []
    refused = await opened(desk, {"site": "Ulm"})
    assert [e["code"] for e in refused["userErrors"]] == ["NOT_FOUND"]
    listed = await desk.data("{ customFields { key } }", **desk.agent)
    assert listed == {"customFields": []}
    for nobody in (desk.agent, desk.importer):
        refused = await desk.mutate(CHANGE, {**retire, "retired": False}, by=nobody)
        assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"key": "Not a key"}, "INVALID", ["key"]),
        ({"key": "site"}, "TAKEN", ["key"]),
        ({"label": " "}, "REQUIRED", ["label"]),
        ({"label": "x" * 201}, "TOO_LONG", ["label"]),
        ({"kind": "CHOICE"}, "REQUIRED", ["options"]),
        ({"kind": "CHOICE", "options": ["a", "a"]}, "INVALID", ["options"]),
        ({"kind": "CHOICE", "options": ["a", ""]}, "REQUIRED", ["options", "1"]),
        ({"options": ["a"]}, "INVALID", ["options"]),
        ({"maxLength": 0}, "INVALID", ["maxLength"]),
        ({"minimum": 1}, "INVALID", ["minimum"]),
        ({"kind": "NUMBER", "minimum": 2, "maximum": 1}, "INVALID", ["maximum"]),
        ({"kind": "NUMBER", "maxLength": 2}, "INVALID", ["maxLength"]),
        ({"appliesTo": []}, "REQUIRED", ["appliesTo"]),
        ({"categoryIds": ["cat_1"]}, "NOT_FOUND", ["categoryIds", "0"]),
    ],
)
async def test_a_definition_that_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, given: dict[str, Any], code: str, path: list[str]
) -> None:
    await field(desk, "site", "TEXT")
    before = await desk.data(ALL, **desk.agent)
    wanted = {"key": "floor", "label": "Floor", "kind": "TEXT", **given}
    refused = await desk.mutate(CREATE, wanted, by=desk.manager)
    assert refused["userErrors"] == [{"code": code, "path": ["input", *path]}]
    for nobody in (desk.agent, desk.importer):
        refused = await desk.mutate(CREATE, wanted, by=nobody)
        assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    assert await desk.data(ALL, **desk.agent) == before


async def test_fields_of_a_list_cost_one_statement(
    desk: Desk, seven: dict[str, Any]
) -> None:
    for _ in range(3):
        await opened(desk, seven)
    query = "{ tickets { nodes { customFields { key label value } } } }"
    with desk.counted() as statements:
        data = await desk.data(query, **desk.agent)
    assert [len(node["customFields"]) for node in data["tickets"]["nodes"]] == [7] * 3
    assert len(statements) == 2
