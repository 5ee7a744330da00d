"""A ticket of the large company is what its history says."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from helpnest.demo.large.lives import CATEGORY_OF, Known, Life, lives
from helpnest.demo.stories.story import CATEGORIES, SERVICES

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
LEVELS = ("HIGH", "MEDIUM", "LOW")
KNOWN = Known(
    people=[(f"usr_{n}", f"dep_{n % 3}") for n in range(20)],
    teams=[(f"grp_{n}", [f"usr_{n}", f"usr_{n + 1}"]) for n in range(4)],
    statuses={key: f"sta_{key}" for key in CATEGORY_OF},
    categories={
        name: f"cat_{name}"
        for outer, inner in CATEGORIES.items()
        for name in (outer, *inner)
    },
    services={name: f"svc_{name}" for name in SERVICES},
    priorities={(a, b): f"{a} x {b}" for a in LEVELS for b in LEVELS},
)


@pytest.fixture(scope="module")
def told() -> list[Life]:
    return list(lives(KNOWN, NOW, 100, 2_000))


def test_the_same_lives_are_told_each_time(told: list[Life]) -> None:
    assert list(lives(KNOWN, NOW, 100, 2_000)) == told


def test_numbers_follow_each_other_and_the_oldest_comes_first(
    told: list[Life],
) -> None:
    numbers = [int(life.ticket["number"][3:]) for life in told]
    assert numbers == list(range(100, 2_100))
    opened = [life.ticket["opened_at"] for life in told]
    assert opened == sorted(opened)
    assert max(opened) <= NOW


def replayed(life: Life) -> dict[str, Any]:
    """Work out from the events alone what the row must say."""
    first = life.events[0]["after"]
    now: dict[str, Any] = {
        "status": first["status"],
        "holdReason": None,
        "groupId": first["groupId"],
        "assigneeId": first["assigneeId"],
        "reassigned": 0,
        "reopened": 0,
    }
    for event in life.events[1:]:
        if event["kind"] == "RESPONDED":
            continue
        before, after = event["before"], event["after"]
        if event["field"] == "status":
            assert before == {key: now[key] for key in before}
            now |= after
        else:
            assert now[event["field"]] == before
            now[event["field"]] = after
        now["reassigned"] += event["kind"] == "GROUP_CHANGED"
        now["reopened"] += event["kind"] == "REOPENED"
    return now


def test_the_row_is_what_the_history_says(told: list[Life]) -> None:
    for life in told:
        row = life.ticket
        assert replayed(life) == {
            "status": row["status_category"].lower(),
            "holdReason": row["hold_reason"],
            "groupId": row["group_id"],
            "assigneeId": row["assignee_id"],
            "reassigned": row["reassignment_count"],
            "reopened": row["reopen_count"],
        }
        assert row["history_length"] == len(life.events)
        kinds = [event["kind"] for event in life.events]
        assert row["version"] == len(kinds) - kinds.count("RESPONDED")


def test_histories_have_no_gap_and_never_go_back_in_time(told: list[Life]) -> None:
    for life in told:
        assert [each["seq"] for each in life.events] == list(
            range(1, len(life.events) + 1)
        )
        instants = [each["at"] for each in life.events]
        assert instants == sorted(instants)
        assert instants[0] == life.ticket["opened_at"]
        assert life.ticket["updated_at"] <= instants[-1] <= NOW
        said = [each["created_at"] for each in life.said]
        assert said == sorted(said)
        assert all(instants[0] <= each <= NOW for each in said)


def test_what_ended_says_when_and_how(told: list[Life]) -> None:
    for life in told:
        row = life.ticket
        ended = row["status_category"] in ("RESOLVED", "CLOSED")
        assert (row["resolved_at"] is not None) is ended
        assert (row["resolution_code"] is not None) is ended
        assert (row["closed_at"] is not None) is (row["status_category"] == "CLOSED")
        assert (row["hold_reason"] is not None) is (row["status_category"] == "ON_HOLD")


def test_most_tickets_are_closed_and_every_state_is_there(told: list[Life]) -> None:
    states = Counter(life.ticket["status_category"] for life in told)
    assert set(states) == set(CATEGORY_OF.values())
    assert states["CLOSED"] > len(told) / 2


def test_the_first_answer_is_a_step_or_a_reply_whichever_came_first(
    told: list[Life],
) -> None:
    replied = 0
    for life in told:
        requester = life.ticket["requester_id"]
        steps = [
            event["at"]
            for event in life.events
            if event["field"] == "status"
            and event["after"]["status"] not in ("new", "cancelled")
        ]
        replies = [
            each["created_at"]
            for each in life.said
            if each["visibility"] == "PUBLIC" and each["author_id"] != requester
        ]
        first = min([*steps, *replies], default=None)
        assert life.ticket["first_responded_at"] == first
        noted = [e["at"] for e in life.events if e["kind"] == "RESPONDED"]
        assert noted in ([], [first])
        replied += len(noted)
    assert replied > len(told) / 10


def test_people_talk_and_agents_among_themselves(told: list[Life]) -> None:
    said = Counter(each["visibility"] for life in told for each in life.said)
    assert said["PUBLIC"] > len(told)
    assert said["INTERNAL"] > len(told) / 10
