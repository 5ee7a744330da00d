"""Clocks told from a history: worked answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from subgraphs.tickets.models import (
    EventKind,
    Priority,
    SlaState,
    TicketType,
)
from tests.support.lives import (
    AROUND,
    FIRST,
    HOUR,
    NEWS,
    SOLVED,
    Life,
    on,
    opened,
    policy,
)


def test_a_clock_that_runs_says_when_it_is_due_and_what_has_passed() -> None:
    clock = opened().sure(on(2, 12))
    assert (clock.state, clock.goal) == (SlaState.RUNNING, 8 * HOUR)
    assert (clock.since, clock.elapsed) == (on(2, 10), timedelta(0))
    assert clock.due_at == on(3, 10)  # seven hours on Monday, one on Tuesday
    assert (clock.warns_at, clock.next_at) == (on(2, 16), on(2, 16))


def test_what_is_solved_in_time_is_met_and_stands_still() -> None:
    clock = opened().move(on(3, 9.5), "resolved").sure(on(20))
    assert (clock.state, clock.elapsed) == (SlaState.MET, 7.5 * HOUR)
    assert (clock.since, clock.due_at, clock.next_at) == (None, None, None)
    assert clock.stopped_at == on(3, 9.5)
    assert clock.warned_at == on(2, 16)  # three quarters had passed


def test_what_ends_when_time_is_up_is_in_time_and_a_moment_later_is_not() -> None:
    moment = timedelta(microseconds=1)
    assert opened().move(on(3, 10), "resolved").sure(on(4)).state is SlaState.MET
    late = opened().move(on(3, 10) + moment, "resolved").sure(on(4))
    assert (late.state, late.breached_at) == (SlaState.BREACHED, on(3, 10))


def test_time_on_hold_for_a_named_reason_does_not_count() -> None:
    life = opened().move(on(2, 12), "on_hold", "REQUESTER")
    paused = life.sure(on(5))
    assert (paused.state, paused.elapsed) == (SlaState.PAUSED, 2 * HOUR)
    assert (paused.due_at, paused.since) == (None, None)
    clock = life.move(on(4, 9), "in_progress").sure(on(4, 11))
    assert (clock.state, clock.elapsed) == (SlaState.RUNNING, 2 * HOUR)
    assert clock.due_at == on(4, 15)


def test_another_hold_reason_does_not_stop_it() -> None:
    life = opened().move(on(2, 12), "on_hold", "VENDOR")
    assert life.sure(on(2, 13)).state is SlaState.RUNNING
    assert life.sure(on(3, 11)).breached_at == on(3, 10)


def test_a_change_of_the_reason_while_on_hold_pauses_or_goes_on() -> None:
    life = opened().move(on(2, 12), "on_hold", "VENDOR")
    life.move(on(2, 13), "on_hold", "REQUESTER").move(on(4, 9), "on_hold", "VENDOR")
    clock = life.sure(on(4, 9))
    assert (clock.elapsed, clock.due_at) == (3 * HOUR, on(4, 14))


def test_a_reopened_ticket_goes_on_from_what_it_had_counted() -> None:
    life = opened().move(on(2, 16), "resolved").move(on(9, 9), "in_progress")
    clock = life.sure(on(9, 10))
    assert (clock.state, clock.stopped_at) == (SlaState.RUNNING, None)
    assert (clock.elapsed, clock.due_at) == (6 * HOUR, on(9, 11))
    assert life.sure(on(9, 12)).breached_at == on(9, 11)


def test_another_priority_changes_the_goal_and_keeps_the_time() -> None:
    clock = opened().rank(on(2, 12), Priority.HIGH).sure(on(2, 13))
    assert (clock.goal, clock.due_at) == (4 * HOUR, on(2, 14))
    assert (clock.elapsed, clock.since) == (2 * HOUR, on(2, 12))


def test_a_goal_that_has_passed_already_is_breached_when_it_becomes_the_goal() -> None:
    life = opened().rank(on(2, 15), Priority.HIGH)
    assert life.sure(on(2, 15)).breached_at == on(2, 15)


def test_a_breach_stays_though_the_goal_becomes_longer() -> None:
    life = Life(on(2, 10), Priority.HIGH).rank(on(2, 15), Priority.MODERATE)
    clock = life.move(on(2, 16), "resolved").sure(on(3))
    assert (clock.state, clock.breached_at) == (SlaState.BREACHED, on(2, 14))


def test_a_breach_that_was_noted_stays_whatever_the_policy_says_now() -> None:
    life = opened().note(on(2, 11), EventKind.SLA_BREACHED, SOLVED)
    clock = life.move(on(2, 12), "resolved").sure(on(3))
    assert (clock.state, clock.breached_at) == (SlaState.BREACHED, on(2, 11))
    assert clock.stopped_at == on(2, 12)


def test_a_breached_clock_counts_on_until_it_stops() -> None:
    clock = opened().sure(on(3, 12))
    assert (clock.state, clock.since) == (SlaState.BREACHED, on(2, 10))
    assert (clock.due_at, clock.next_at) == (on(3, 10), None)
    assert opened().move(on(3, 12), "resolved").sure(on(4)).elapsed == 10 * HOUR


def test_a_ticket_that_is_given_up_has_no_clock_to_keep() -> None:
    life = opened().move(on(2, 11), "cancelled")
    for target in (SOLVED, FIRST):
        clock = life.sure(on(5), target)
        assert (clock.state, clock.elapsed) == (SlaState.CANCELLED, HOUR)
    again = life.move(on(4, 9), "new").sure(on(4, 9.5), FIRST)
    assert (again.state, again.due_at) == (SlaState.RUNNING, on(4, 10))


def test_the_first_response_is_given_once() -> None:
    life = opened().move(on(2, 11), "in_progress")
    clock = life.sure(on(3), FIRST)
    assert (clock.state, clock.elapsed) == (SlaState.MET, HOUR)
    life.move(on(2, 12), "resolved").move(on(9, 9), "new")
    assert life.sure(on(20), FIRST) == clock


def test_a_public_reply_stops_the_first_response_alone() -> None:
    life = opened()
    life.responded_at = on(2, 11)
    clock = life.sure(on(2, 11), FIRST)
    assert (clock.state, clock.stopped_at) == (SlaState.MET, on(2, 11))
    assert life.sure(on(2, 11)).state is SlaState.RUNNING
    assert life.sure(on(5), FIRST).elapsed == HOUR


def test_a_late_first_response_is_breached_when_it_was_due() -> None:
    clock = opened().move(on(2, 15), "in_progress").sure(on(3), FIRST)
    assert (clock.state, clock.breached_at) == (SlaState.BREACHED, on(2, 12))


def test_time_until_the_next_news_counts_anew_after_each() -> None:
    life = opened().move(on(2, 12), "in_progress").give(on(2, 14), "grp_1")
    clock = life.sure(on(2, 15), NEWS)
    assert (clock.since, clock.elapsed) == (on(2, 14), timedelta(0))
    assert (clock.state, clock.due_at) == (SlaState.RUNNING, on(2, 17))
    assert life.sure(on(3, 10), NEWS).breached_at == on(2, 17)


def test_nothing_is_promised_where_no_policy_fits_or_has_a_goal() -> None:
    other = policy(group_ids=frozenset({"grp_2"}))
    assert opened().read(on(2, 11), SOLVED, other) is None
    assert Life(on(2, 10), Priority.LOW).read(on(2, 11)) is None
    assert opened().read(on(2, 11), SOLVED, replace(other, goals={})) is None


def test_the_first_policy_that_fits_counts_and_the_time_before_is_kept() -> None:
    night = policy(
        "slp_2", calendar=AROUND, group_ids=frozenset({"grp_2"}), warn_percent=None
    )
    life = opened().give(on(2, 16), "grp_2")
    clock = life.sure(on(2, 17), SOLVED, night, policy())
    assert (clock.policy_id, clock.elapsed) == ("slp_2", 6 * HOUR)
    assert (clock.due_at, clock.warns_at) == (on(2, 18), None)


def test_a_policy_without_a_goal_for_the_priority_is_passed_over() -> None:
    critical = policy("slp_2", goals={(SOLVED, Priority.CRITICAL): HOUR})
    clock = opened().sure(on(2, 11), SOLVED, critical, policy())
    assert clock.policy_id == "slp_1"
    assert opened().read(on(2, 11), NEWS, policy(goals=critical.goals)) is None


def test_time_for_which_nothing_is_promised_does_not_count() -> None:
    life = opened().rank(on(2, 11), Priority.LOW).rank(on(4, 9), Priority.HIGH)
    clock = life.sure(on(4, 10))
    assert (clock.elapsed, clock.due_at) == (HOUR, on(4, 12))


def test_a_clock_that_nothing_is_promised_for_any_more_is_cancelled() -> None:
    life = opened().note(on(2, 10), EventKind.SLA_STARTED, SOLVED)
    clock = life.sure(on(2, 11), SOLVED, policy(types=frozenset({TicketType.CHANGE})))
    assert (clock.state, clock.policy_id) == (SlaState.CANCELLED, "slp_1")
    assert (clock.goal, clock.next_at) == (8 * HOUR, None)


def test_an_event_older_than_the_one_before_counts_as_of_the_same_instant() -> None:
    life = opened().move(on(2, 14), "on_hold", "REQUESTER")
    clock = life.move(on(2, 9), "resolved").sure(on(3))
    assert (clock.elapsed, clock.stopped_at) == (4 * HOUR, on(2, 14))


def test_a_warning_is_not_given_with_a_breach_or_after_it() -> None:
    life = opened().rank(on(2, 15), Priority.HIGH).move(on(2, 16), "resolved")
    clock = life.sure(on(3))
    assert (clock.breached_at, clock.warned_at) == (on(2, 15), None)


def test_the_example_of_the_documentation_is_counted_as_it_is_drawn() -> None:
    """docs/sla.md draws it: over a weekend on which summer time ends, with a pause."""

    def berlin(day: int, hour: int) -> datetime:
        return datetime(2026, 10, day, hour - (2 if day < 25 else 1), tzinfo=UTC)

    life = Life(berlin(23, 15)).move(berlin(23, 16), "in_progress")
    answer = life.sure(berlin(23, 17), FIRST)
    assert (answer.state, answer.elapsed) == (SlaState.MET, HOUR)
    assert life.sure(berlin(26, 12)).due_at == berlin(26, 15)
    held = life.move(berlin(26, 12), "on_hold", "REQUESTER").sure(berlin(26, 17))
    assert (held.state, held.elapsed) == (SlaState.PAUSED, 5 * HOUR)
    again = life.move(berlin(27, 11), "in_progress").sure(berlin(27, 11))
    assert (again.due_at, again.warns_at) == (berlin(27, 14), berlin(27, 12))
    late = life.move(berlin(28, 10), "resolved").sure(berlin(30, 9))
    assert (late.state, late.elapsed) == (SlaState.BREACHED, 12 * HOUR)
    assert (late.breached_at, late.stopped_at) == (berlin(27, 14), berlin(28, 10))
