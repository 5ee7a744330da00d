"""Clocks told from a history: what holds of any life."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.tickets.models import HoldReason, Priority, SlaState, SlaTarget
from subgraphs.tickets.service.sla.calendar import business_time_between
from tests.support.lives import OFFICE, Life

STEPS = ("in_progress", "on_hold", "resolved", "closed", "cancelled", "new")
MOVES = st.tuples(
    st.integers(0, 5000),
    st.sampled_from([*STEPS, "HIGH", "MODERATE", "LOW"]),
    st.sampled_from(["REQUESTER", "VENDOR"]),
)
LIVES = st.lists(MOVES, max_size=8)
MONTHS = st.integers(1, 12)


def told(month: int, moves: Sequence[tuple[int, str, str]]) -> Life:
    life = Life(datetime(2026, month, 25, 6, tzinfo=UTC))
    at = life.at
    for minutes, step, reason in moves:
        at += timedelta(minutes=minutes)
        if step in STEPS:
            life.move(at, step, reason if step == "on_hold" else None)
        else:
            life.rank(at, Priority(step))
    return life


def last_of(life: Life) -> datetime:
    return life.events[-1].at


@given(MONTHS, LIVES)
def test_what_has_passed_is_the_sum_over_the_segments_in_which_it_ran(
    month: int, moves: list[tuple[int, str, str]]
) -> None:
    life = told(month, moves)
    end = last_of(life) + timedelta(days=3)
    clock = life.read(end)
    if clock is None:
        return
    bounds = [*(each.at for each in life.timeline.stands[1:]), end]
    ran = timedelta(0)
    for stand, until in zip(life.timeline.stands, bounds, strict=True):
        paused = stand.hold_reason is HoldReason.REQUESTER
        ended = stand.category.value in {"RESOLVED", "CLOSED", "CANCELLED"}
        promised = stand.priority is not Priority.LOW
        if promised and not paused and not ended:
            ran += business_time_between(OFFICE, stand.at, until)
    passed = clock.elapsed
    if clock.since is not None:
        passed += business_time_between(OFFICE, clock.since, end)
    assert passed == ran


@given(MONTHS, LIVES, st.lists(st.integers(0, 40_000), min_size=2).map(sorted))
def test_it_never_decreases_and_a_breach_is_never_undone(
    month: int, moves: list[tuple[int, str, str]], minutes: list[int]
) -> None:
    whole = told(month, moves)
    passed, breached = timedelta(0), None
    for later in minutes:
        at = whole.at + timedelta(minutes=later)
        life = told(month, [])
        for minute, step, reason in moves:  # as far as it was known by then
            upcoming = last_of(life) + timedelta(minutes=minute)
            if upcoming > at:
                break
            if step in STEPS:
                life.move(upcoming, step, reason if step == "on_hold" else None)
            else:
                life.rank(upcoming, Priority(step))
        clock = life.read(at)
        if clock is None:
            continue
        now = clock.elapsed
        if clock.since is not None:
            now += business_time_between(OFFICE, clock.since, at)
        assert now >= passed
        assert breached is None or clock.breached_at == breached
        passed, breached = now, clock.breached_at


@given(MONTHS, LIVES, st.integers(0, 10_000))
def test_what_is_due_is_breached_exactly_then_if_nothing_happens(
    month: int, moves: list[tuple[int, str, str]], minutes: int
) -> None:
    life = told(month, moves)
    clock = life.read(last_of(life) + timedelta(minutes=minutes))
    if clock is None or clock.state is not SlaState.RUNNING:
        return
    due = clock.due_at
    assert due is not None
    moment = timedelta(microseconds=1)
    assert life.sure(due - moment).state is SlaState.RUNNING
    after = life.sure(due + moment)
    assert (after.state, after.breached_at) == (SlaState.BREACHED, due)


@pytest.mark.parametrize("target", SlaTarget)
def test_a_life_of_years_is_read_as_one_of_minutes(target: SlaTarget) -> None:
    life = Life(datetime(1970, 1, 5, 9, tzinfo=UTC))
    clock = life.sure(datetime(2026, 1, 1, tzinfo=UTC), target)
    assert clock.state is SlaState.BREACHED
