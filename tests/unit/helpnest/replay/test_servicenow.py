from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpnest.replay.servicenow import COLUMNS, cases, count_events, read_day_first
from helpnest.replay.story import DirtyValueError, Event, Person, Rejected

GOOD = {
    "number": "INC1",
    "incident_state": "New",
    "caller_id": "Caller 8",
    "opened_by": "Opened by  8",
    "opened_at": "1-2-2016 1:16",
    "sys_updated_by": "Updated by 2",
    "sys_updated_at": "1-2-2016 1:23",
    "contact_type": "Phone",
    "category": "Category 5",
    "cmdb_ci": "?",
    "u_symptom": "?",
    "impact": "2 - Medium",
    "urgency": "1 - High",
    "priority": "2 - High",
    "assignment_group": "Group 1",
    "assigned_to": "?",
    "closed_code": "code 6",
}


@pytest.fixture
def log(tmp_path: Path) -> Any:
    def write(*rows: dict[str, str]) -> Path:
        lines = [",".join(COLUMNS)]
        lines += [",".join((GOOD | row)[name] for name in COLUMNS) for row in rows]
        path = tmp_path / "log.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def test_a_row_becomes_what_stands_after_it(log: Any) -> None:
    (case,) = cases(log({}))
    assert case.opening is not None
    assert case.opening.opened_at == datetime(2016, 2, 1, 1, 16, tzinfo=UTC)
    assert case.opening.requester == Person("Caller", "Caller 8")
    assert case.opening.opened_by == Person("Opened by", "Opened by 8")
    assert case.opening.channel == "PHONE"
    assert "invented" in case.opening.title
    (event,) = case.events
    assert isinstance(event, Event)
    assert event.at == datetime(2016, 2, 1, 1, 23, tzinfo=UTC)
    assert event.state.assignee is None
    assert event.state.service is None
    assert (event.state.impact, event.state.urgency) == ("MEDIUM", "HIGH")


@pytest.mark.parametrize(
    ("dirt", "reason"),
    [
        ({"incident_state": "-100"}, "the state '-100'"),
        ({"sys_updated_at": "31-2-2016 10:00"}, "the instant '31-2-2016 10:00'"),
        ({"sys_updated_at": "?"}, "the instant '?'"),
    ],
)
def test_a_row_without_meaning_is_rejected_and_the_next_opens_the_case(
    log: Any, dirt: dict[str, str], reason: str
) -> None:
    (case,) = cases(log(dirt, {"incident_state": "Active"}))
    assert case.events[0] == Rejected(1, reason)
    assert isinstance(case.events[1], Event)
    assert case.opening is not None


def test_a_case_nobody_asked_for_is_rejected_row_by_row(log: Any) -> None:
    (case,) = cases(log({"caller_id": "?"}, {"caller_id": "?"}))
    assert case.events == [Rejected(1, "the caller '?'"), Rejected(2, "the caller '?'")]


def test_cases_that_take_turns_are_put_together_in_order(log: Any) -> None:
    path = log(
        {"number": "INC1"},
        {"number": "PRB2"},
        {"number": "INC1", "incident_state": "Active"},
        {"number": "PRB2", "incident_state": "Closed"},
    )
    read = {case.key: [event.row for event in case.events] for case in cases(path)}
    assert read == {"INC1": [1, 3], "PRB2": [2, 4]}
    types = [case.opening.type for case in cases(path) if case.opening]
    assert types == ["INCIDENT", "PROBLEM"]


def test_a_limit_cuts_the_log_where_it_stands(log: Any) -> None:
    path = log({}, {"incident_state": "Active"}, {"number": "INC2"})
    assert [len(case.events) for case in cases(path, 1)] == [1]
    assert count_events(path) == 3


def test_a_file_that_is_no_such_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(DirtyValueError, match="no column"):
        list(cases(path))


@pytest.mark.parametrize(
    "text", ["5/3/2016 9:07", "05-03-2016 09:07:00", " 5.3.2016  9:07 "]
)
def test_a_day_comes_first_however_it_is_written(text: str) -> None:
    assert read_day_first(text) == datetime(2016, 3, 5, 9, 7, tzinfo=UTC)
