"""Tickets found by the fields that administrators added."""

from typing import Any

import pytest

from tests.support.ticket_fields import (
    LIST,
    opened,
    seven_fields,
)

Desk = Any  # the fixture's class; test folders are not packages


@pytest.fixture
async def seven(desk: Desk) -> dict[str, Any]:
    return await seven_fields(desk)


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("site", {"eq": "Bonn"}, "A"),
        ("site", {"neq": "Bonn"}, "BC"),
        ("site", {"in": ["Bonn", "Trier"]}, "AB"),
        ("site", {"nin": ["Bonn"]}, "BC"),
        ("site", {"contains": "on"}, "A"),
        ("site", {"startsWith": "tr"}, "B"),
        ("site", {"contains": "%"}, ""),
        ("site", {"isNull": True}, "C"),
        ("site", {"isNull": False}, "AB"),
        ("seats", {"eq": "12"}, "A"),
        ("seats", {"eq": "12.0"}, "A"),
        ("seats", {"eq": "7"}, "B"),
        ("vip", {"eq": "true"}, "B"),
        ("vip", {"eq": "false"}, "A"),
        ("colours", {"eq": "red"}, "A"),
        ("colours", {"in": ["red", "green"]}, "AB"),
        ("due", {"startsWith": "2026-12"}, "A"),
        ("nowhere", {"eq": "x"}, ""),
    ],
)
async def test_tickets_are_found_by_custom_fields(
    desk: Desk, seven: dict[str, Any], key: str, value: dict[str, Any], found: str
) -> None:
    await opened(desk, seven, title="A")
    more = {"site": "Trier", "seats": 7, "vip": True, "colours": ["green"]}
    await opened(desk, more, title="B")
    await opened(desk, {}, title="C")
    given = {"filter": {"customField": [{"key": key, "value": value}]}}
    data = await desk.data(LIST, given, **desk.agent)
    assert "".join(node["title"] for node in data["tickets"]["nodes"]) == found


@pytest.mark.parametrize(
    "wanted",
    [
        {"key": "", "value": {"eq": "x"}},
        {"key": "x" * 51, "value": {"eq": "x"}},
        {"key": "site", "value": {"eq": None}},
        {"key": "site", "value": {"eq": "nul \x00"}},
        {"key": "site", "value": {"in": ["x"] * 501}},
    ],
)
async def test_a_filter_that_cannot_be_is_bad_input(
    desk: Desk, wanted: dict[str, Any]
) -> None:
    answer = await desk.ask(LIST, {"filter": {"customField": [wanted]}}, **desk.agent)
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]
