"""The clocks of a large company's tickets, and what they noted, fit their lives."""

from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpnest.demo.large.clocks import read_clocks
from helpnest.demo.large.lives import CATEGORY_OF, Life, lives
from subgraphs.tickets.models import (
    HoldReason,
    Priority,
    SlaTarget,
    StatusCategory,
    TicketType,
)
from subgraphs.tickets.service.sla.calendar import Calendar
from subgraphs.tickets.service.sla.policies import Policy, Promises
from tests.unit.helpnest.demo.large.test_lives import KNOWN, NOW

LEADS = {team: members[0] for team, members in KNOWN.teams}
HOURS = ((540, 1020),)
POLICY = Policy(
    id="slp_1",
    calendar=Calendar(zone="Europe/Lisbon", week=(HOURS,) * 5 + ((),) * 2, holidays={}),
    goals={
        (target, priority): timedelta(hours=hours)
        for priority in Priority
        for target, hours in ((SlaTarget.FIRST_RESPONSE, 2), (SlaTarget.RESOLUTION, 12))
    },
    pause_on=frozenset({HoldReason.REQUESTER}),
    types=frozenset({TicketType.INCIDENT}),
    warn_percent=75,
    escalates=True,
)
PROMISES = Promises(
    revision=7,
    in_force=(POLICY,),
    known={POLICY.id: POLICY},
    categories={key: StatusCategory(word) for key, word in CATEGORY_OF.items()},
)
PRIORITIES = dict.fromkeys(KNOWN.priorities, "MODERATE")


def told_lives() -> list[Life]:
    known = deepcopy(KNOWN)
    object.__setattr__(known, "priorities", PRIORITIES)
    return list(lives(known, NOW, 1, 400))


@pytest.fixture(scope="module")
def told() -> list[Life]:
    found = told_lives()
    for life in found:
        life.clocks = read_clocks(life, PROMISES, LEADS, NOW)
    return found


def notes(life: Life) -> list[dict[str, Any]]:
    return [each for each in life.events if each["kind"].startswith("SLA_")]


def test_a_ticket_has_a_clock_for_each_promise_and_none_without(
    told: list[Life],
) -> None:
    for life in told:
        targets = [each["target"] for each in life.clocks]
        promised = life.ticket["type"] == "INCIDENT"
        assert targets == (["FIRST_RESPONSE", "RESOLUTION"] if promised else [])
        assert life.ticket["sla_revision"] == 7
        assert (life.ticket["sla_state"] is not None) is promised
        if not promised:
            assert notes(life) == []


def test_histories_with_their_notes_have_no_gap_and_never_go_back(
    told: list[Life],
) -> None:
    for life in told:
        seqs = [each["seq"] for each in life.events]
        assert seqs == list(range(1, life.ticket["history_length"] + 1))
        instants = [each["at"] for each in life.events]
        assert instants == sorted(instants)


def test_what_a_clock_says_is_noted_once_when_it_happened(told: list[Life]) -> None:
    for life in told:
        for clock in life.clocks:
            mine = [e for e in notes(life) if e["field"] == clock["target"]]
            for kind, column in (
                ("SLA_WARNED", "warned_at"),
                ("SLA_BREACHED", "breached_at"),
                ("SLA_ESCALATED", "escalated_at"),
            ):
                noted = [each["at"] for each in mine if each["kind"] == kind]
                assert noted == ([clock[column]] if clock[column] else [])
            assert mine[0]["kind"] == "SLA_STARTED"
            assert mine[0]["at"] == life.ticket["opened_at"]
            assert (clock["state"] == "BREACHED") == (clock["breached_at"] is not None)
            paused = [e for e in mine if e["kind"] in ("SLA_PAUSED", "SLA_RESUMED")]
            kinds = [each["kind"] for each in paused]
            assert kinds.count("SLA_PAUSED") - kinds.count("SLA_RESUMED") in (-1, 0, 1)
            if clock["escalated_at"]:
                assert clock["escalated_to_id"] == LEADS[clock["escalated_group_id"]]


def test_clocks_are_in_every_state(told: list[Life]) -> None:
    states = Counter(each["state"] for life in told for each in life.clocks)
    assert set(states) >= {"RUNNING", "PAUSED", "MET", "BREACHED"}
    kinds = Counter(each["kind"] for life in told for each in notes(life))
    assert set(kinds) == {
        f"SLA_{word}"
        for word in ("STARTED", "PAUSED", "RESUMED", "WARNED", "BREACHED", "ESCALATED")
    }


def test_where_nothing_is_promised_a_life_stays_as_it_was() -> None:
    for life in told_lives():
        events = deepcopy(life.events)
        assert read_clocks(life, Promises(), LEADS, datetime.now(UTC)) == []
        assert life.events == events
        assert life.ticket["sla_state"] is None
