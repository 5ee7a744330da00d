"""Details that cannot be, and people who may not say them."""

from typing import Any

import pytest

from kit.ids import new_id
from tests.support.ticket_kinds import OPEN, UPDATE, ahead, laptop, read

Desk = Any  # the fixture's class; test folders are not packages


@pytest.mark.parametrize(
    ("kind", "details", "code", "path"),
    [
        ("INCIDENT", {"problem": {}}, "INVALID", ["problem"]),
        (
            "INCIDENT",
            {"incident": {"causedByChange": "tkt_1"}},
            "NOT_FOUND",
            ["incident", "causedByChange"],
        ),
        (
            "INCIDENT",
            {"incident": {"knownError": "an incident"}},
            "INVALID",
            ["incident", "knownError"],
        ),
        (
            "PROBLEM",
            {"problem": {"rootCause": "x" * 4_001}},
            "TOO_LONG",
            ["problem", "rootCause"],
        ),
        (
            "PROBLEM",
            {"problem": {"workaround": "bell \x07"}},
            "INVALID",
            ["problem", "workaround"],
        ),
        (
            "CHANGE",
            {"change": {"plannedStartAt": ahead(days=-3)}},
            "INVALID",
            ["change", "plannedStartAt"],
        ),
        (
            "CHANGE",
            {"change": {"plannedEndAt": "8999-01-01T00:00:00Z"}},
            "INVALID",
            ["change", "plannedEndAt"],
        ),
        (
            "CHANGE",
            {
                "change": {
                    "plannedStartAt": ahead(days=3),
                    "plannedEndAt": ahead(days=2),
                }
            },
            "INVALID",
            ["change", "plannedEndAt"],
        ),
        (
            "SERVICE_REQUEST",
            {"serviceRequest": {"catalogItem": "cti_1"}},
            "NOT_FOUND",
            ["serviceRequest", "catalogItem"],
        ),
        (
            "SERVICE_REQUEST",
            {"serviceRequest": {"formAnswers": [{"key": "model", "value": "x"}]}},
            "INVALID",
            ["serviceRequest", "formAnswers"],
        ),
        (
            "SERVICE_REQUEST",
            {"serviceRequest": {"catalogItem": "laptop"}},
            "REQUIRED",
            ["serviceRequest", "formAnswers"],
        ),
        (
            "SERVICE_REQUEST",
            {
                "serviceRequest": {
                    "catalogItem": "laptop",
                    "formAnswers": [
                        {"key": "model", "value": "13 inches"},
                        {"key": "reason", "value": "x" * 21},
                    ],
                }
            },
            "TOO_LONG",
            ["serviceRequest", "formAnswers", "1", "value"],
        ),
    ],
)
async def test_details_that_cannot_be_are_refused_at_opening_and_later(
    desk: Desk, kind: str, details: dict[str, Any], code: str, path: list[str]
) -> None:
    item, other = await laptop(desk), (await desk.open())["id"]
    named = {"laptop": item, "an incident": other}
    (part,) = details.values()
    given = {
        next(iter(details)): {
            name: named.get(value, value) if isinstance(value, str) else value
            for name, value in part.items()
        }
    }
    everything = "query All { tickets { totalCount } }"
    count = await desk.data(everything, **desk.agent)
    wanted = {"type": kind, "title": "T", "details": given}
    refused = await desk.mutate(OPEN, wanted, by=desk.agent)
    error = {"code": code, "path": ["input", "details", *path]}
    assert refused == {"ticket": None, "userErrors": [error]}
    assert await desk.data(everything, **desk.agent) == count
    key = (await desk.open(type=kind))["id"]
    before = await read(desk, key)
    refused = await desk.mutate(UPDATE, {"id": key, "details": given}, by=desk.agent)
    assert refused["userErrors"] == [error]
    assert await read(desk, key) == before


async def test_requesters_say_what_they_request_and_nothing_else(desk: Desk) -> None:
    wanted = {
        "type": "INCIDENT",
        "title": "T",
        "details": {"incident": {"major": True}},
    }
    refused = await desk.mutate(OPEN, wanted)
    error = {"code": "FORBIDDEN", "path": ["input", "details", "incident"]}
    assert refused == {"ticket": None, "userErrors": [error]}
    key = (await desk.open())["id"]
    given = {"id": key, "details": {"incident": {"major": True}}}
    refused = await desk.mutate(UPDATE, given)
    assert [e["code"] for e in refused["userErrors"]] == ["FORBIDDEN"]
    unknown = {**given, "id": new_id("tkt")}
    refused = await desk.mutate(UPDATE, unknown, by=desk.agent)
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "path": ["input", "id"]}]
