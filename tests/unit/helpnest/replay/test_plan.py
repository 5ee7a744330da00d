from datetime import UTC, datetime
from typing import Any

from helpnest.replay.plan import Named, Told, plan
from helpnest.replay.story import Case, Event, Opening, Person, Rejected, State

AT = datetime(2016, 3, 1, tzinfo=UTC)
ADA = Person("Caller", "Ada")
BOB = Person("Assigned to", "Bob")
NEW: dict[str, Any] = {"status": "new", "impact": "MEDIUM", "urgency": "MEDIUM"}


def case(*states: dict[str, Any] | str) -> Case:
    """Tell of a case by its states; a text is the reason of a rejection."""
    events: list[Event | Rejected] = []
    for row, state in enumerate(states, 1):
        if isinstance(state, str):
            events.append(Rejected(row, state))
        else:
            told = State(**(NEW | state))
            events.append(Event(row=row, at=AT, state=told, resolution="code 5"))
    opening = Opening(
        type="INCIDENT", title="x", channel="PHONE", opened_at=AT, requester=ADA
    )
    return Case("servicenow", "INC1", opening, events)


def told(*states: dict[str, Any] | str) -> list[list[tuple[str, dict[str, Any]]]]:
    """Give each event's commands, the opening without what never differs."""
    return [
        [(command.verb, command.given) for command in each.commands]
        for each in plan(case(*states))
        if isinstance(each, Told)
    ]


def test_a_new_case_is_opened_and_the_same_again_says_nothing() -> None:
    (first, second) = told({}, {})
    assert [verb for verb, _ in first] == ["createTicket"]
    assert second == []


def test_a_case_that_begins_later_is_opened_and_moved() -> None:
    (first,) = told({"status": "on_hold", "hold_reason": "VENDOR"})
    move = {"toStatusKey": "on_hold", "holdReason": "VENDOR"}
    assert first[1:] == [("transitionTicket", move)]


def test_final_values_are_not_told_before_they_are_true() -> None:
    first, second, third = told({}, {"status": "resolved"}, {"status": "closed"})
    assert "resolutionCode" not in first[0][1]
    assert second == [
        ("transitionTicket", {"toStatusKey": "resolved", "resolutionCode": "code 5"})
    ]
    assert third == [("transitionTicket", {"toStatusKey": "closed"})]


def test_who_has_it_is_one_command_and_a_missing_group_takes_it_away() -> None:
    _, second, third = told({}, {"group": "Group 1", "assignee": BOB}, {})
    given = {"groupId": Named("group", "Group 1"), "assigneeId": BOB}
    assert second == [("assignTicket", given)]
    assert third == [("assignTicket", {"groupId": None, "assigneeId": None})]


def test_a_missing_impact_says_nothing_new() -> None:
    _, second = told({"impact": "HIGH"}, {"impact": None})
    assert second == []


def test_a_priority_against_the_matrix_is_an_override_until_it_follows_again() -> None:
    states = [
        {"priority": "MODERATE"},
        {"priority": "CRITICAL"},
        {"priority": "CRITICAL"},
        {"priority": "HIGH", "impact": "HIGH"},
    ]
    first, second, third, fourth = told(*states)
    override = {
        "priorityOverride": "CRITICAL",
        "priorityOverrideReason": "The log has this priority.",
    }
    assert [verb for verb, _ in first] == ["createTicket"]
    assert second == [("updateTicket", override)]
    assert third == []
    released = {"impact": "HIGH", "priorityOverride": None}
    assert fourth == [("updateTicket", released)]


def test_an_event_is_compared_with_the_last_good_one() -> None:
    _, after = told({}, "the state '-100'", {"status": "in_progress"})
    assert after == [("transitionTicket", {"toStatusKey": "in_progress"})]


def test_keys_are_the_same_each_time_and_never_shared() -> None:
    states = [{}, {"status": "in_progress", "group": "Group 1"}, {"status": "closed"}]

    def keys() -> list[str]:
        found = [each for each in plan(case(*states)) if isinstance(each, Told)]
        return [command.key for each in found for command in each.commands]

    assert keys() == keys()
    assert len(set(keys())) == len(keys()) == 5
