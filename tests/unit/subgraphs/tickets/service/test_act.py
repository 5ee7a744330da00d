from datetime import UTC, datetime, timedelta

import pytest

from kit.errors import RejectedError
from kit.identity import Identity, Kind
from kit.ids import new_id
from subgraphs.tickets.models import Via
from subgraphs.tickets.service.act import act_of

NOW = datetime(2016, 3, 1, tzinfo=UTC)
USER = Identity(new_id("usr"), scopes=frozenset({"tickets:work"}))
SERVICE = Identity(new_id("sva"), Kind.SERVICE, frozenset({"tickets:import"}))


def test_what_is_done_now_is_the_callers() -> None:
    act = act_of(USER, now=NOW)
    assert (act.at, act.actor_id, act.via) == (NOW, USER.subject, Via.PORTAL)
    assert act.person_id == USER.subject


def test_a_service_account_is_no_person() -> None:
    act = act_of(SERVICE, now=NOW)
    assert (act.person_id, act.via) == (None, Via.API)


def test_an_import_tells_when_and_who() -> None:
    past, who = NOW - timedelta(days=9), new_id("usr")
    act = act_of(SERVICE, occurred_at=past, actor_id=who, now=NOW)
    assert (act.at, act.person_id, act.via) == (past, who, Via.IMPORT)


@pytest.mark.parametrize(
    ("caller", "given", "code", "path"),
    [
        (USER, {"occurred_at": NOW}, "FORBIDDEN", "occurredAt"),
        (USER, {"actor_id": USER.subject}, "FORBIDDEN", "actorId"),
        (SERVICE, {"occurred_at": NOW + timedelta(days=1)}, "INVALID", "occurredAt"),
        (SERVICE, {"actor_id": "sva_1"}, "INVALID", "actorId"),
    ],
)
def test_what_cannot_be_told_is_refused(
    caller: Identity, given: dict[str, object], code: str, path: str
) -> None:
    with pytest.raises(RejectedError) as refused:
        act_of(caller, now=NOW, **given)  # pyright: ignore[reportArgumentType] - each case gives its own
    assert refused.value.code.value == code
    assert refused.value.path == ["input", path]


def test_a_clock_that_runs_ahead_a_little_is_believed() -> None:
    soon = NOW + timedelta(minutes=4)
    assert act_of(SERVICE, occurred_at=soon, now=NOW).at == soon
