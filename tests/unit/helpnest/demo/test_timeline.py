from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpnest.demo.stories import STORIES
from helpnest.demo.timeline import Deed, deeds_of, hours_worked, instant_of

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


def lives(now: datetime = NOW) -> dict[str, list[Deed]]:
    found: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds_of(STORIES, now):
        found[deed.ticket].append(deed)
    return found


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 3, 7, 12, tzinfo=UTC),
        datetime(2026, 3, 9, 3, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_nothing_happens_later_than_now_or_months_ago(now: datetime) -> None:
    deeds = deeds_of(STORIES, now)
    assert all(now - timedelta(weeks=12) < deed.at <= now for deed in deeds)


def test_the_same_moment_tells_the_same_weeks() -> None:
    assert deeds_of(STORIES, NOW) == deeds_of(STORIES, NOW)


def test_every_ticket_begins_with_being_opened_by_who_needs_it() -> None:
    for ticket, deeds in lives().items():
        assert [deed.verb for deed in deeds].index("open") == 0, ticket
        assert deeds[0].actor in deeds[0].story.by


def test_no_ticket_moves_to_where_it_is() -> None:
    for ticket, deeds in lives().items():
        status, reason = "new", None
        for deed in deeds:
            if deed.verb != "move":
                continue
            target = deed.values["toStatusKey"], deed.values.get("holdReason")
            assert target != (status, reason), ticket
            status, reason = target
            assert (reason is not None) == (status == "on_hold")
            assert ("resolutionCode" in deed.values) == (status == "resolved")


def test_whoever_it_was_handed_to_goes_on_with_it() -> None:
    (ticket,) = [
        deeds
        for deeds in lives().values()
        if deeds[0].story.title.startswith("Bench 4 l")
    ]
    hands = [deed.values["assigneeId"] for deed in ticket if deed.verb == "assign"]
    assert hands == ["lucia", "joris"]
    moves = [deed.actor for deed in ticket if deed.verb == "move"]
    assert moves[-3:] == ["joris", "bogdan", "joris"]


def test_people_answer_out_loud_and_keep_to_themselves_what_is_theirs() -> None:
    said = [deed for deed in deeds_of(STORIES, NOW) if deed.verb == "say"]
    for deed in said:
        public = deed.values["visibility"] == "PUBLIC"
        assert public or deed.values["body"] == deed.story.note
        assert public or deed.actor not in deed.story.by
    assert {deed.values["visibility"] for deed in said} == {"PUBLIC", "INTERNAL"}


def test_work_is_done_on_workdays() -> None:
    for deed in deeds_of(STORIES, NOW):
        assert deed.at.weekday() < 5
        assert 8 <= deed.at.hour <= 17


@given(st.floats(0, 100_000))
def test_counting_hours_and_telling_instants_are_each_others_opposite(
    hours: float,
) -> None:
    assert hours_worked(instant_of(hours)) == pytest.approx(hours, abs=0.001)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - below
def test_an_instant_is_never_later_than_the_hours_counted_to_it(
    moment: datetime,
) -> None:
    now = moment.replace(tzinfo=UTC)
    assert instant_of(hours_worked(now)) <= now + timedelta(hours=15 + 2 * 24)
