"""What callers may spend: by role, within a window, each for themselves."""

import pytest

from kit.identity import ANONYMOUS, Identity, Kind
from router.cost import budgets
from router.cost.budgets import Spending, budget_of, most_of
from router.settings.demand import Budget, Budgets, DemandControl

SETTINGS = Budgets.model_validate(
    {
        "window": "1m",
        "default": {"window": 100},
        "roles": {
            "agent": {"request": 2000, "window": 300},
            "analyst": {"request": 5000, "window": 200},
            "admin": {},
            "service": {"window": 900},
            "anonymous": {"request": 10, "window": 20},
        },
    }
)


def somebody(*roles: str, kind: Kind = Kind.USER) -> Identity:
    return Identity("usr_1", kind, roles=frozenset(roles))


def test_the_most_generous_role_counts() -> None:
    assert budget_of(SETTINGS, somebody()) == Budget(window=100)
    both = somebody("agent", "analyst")
    assert budget_of(SETTINGS, both) == Budget(request=5000, window=300)
    assert budget_of(SETTINGS, somebody("agent", "admin")).window is None
    service = somebody(kind=Kind.SERVICE)
    assert budget_of(SETTINGS, service) == Budget(window=900)
    assert budget_of(SETTINGS, ANONYMOUS) == Budget(request=10, window=20)


def test_one_request_costs_at_most_what_its_role_may() -> None:
    demand = DemandControl.model_validate(
        {"strategy": {"static_estimated": {"max": 1000}}}
    )
    assert most_of(demand, SETTINGS, somebody()) == 1000
    assert most_of(demand, SETTINGS, somebody("agent")) == 2000
    assert most_of(demand, SETTINGS, ANONYMOUS) == 10


def test_what_is_spent_comes_back_when_the_window_ends() -> None:
    now = 1000.0
    spending = Spending(SETTINGS, lambda: now)
    first = spending.spend(somebody(), "usr_1", 60)
    assert first is not None
    assert (first.remaining, first.resets_at) == (40, 1060.0)
    assert spending.spend(somebody(), "usr_1", 41) is None
    assert spending.allowance(somebody(), "usr_1").remaining == 40
    assert spending.spend(somebody(), "usr_2", 41) is not None
    now = 1060.0
    assert spending.allowance(somebody(), "usr_1").remaining == 100
    assert first.written() == {
        "remaining": 40,
        "resetAt": "1970-01-01T00:17:40+00:00",
    }


def test_without_a_budget_nothing_is_counted() -> None:
    spending = Spending(Budgets())
    assert not spending.limits
    unlimited = spending.spend(somebody(), "usr_1", 10**9)
    assert unlimited is not None
    assert unlimited.written() == {"remaining": None, "resetAt": None}


def test_callers_by_the_million_are_not_all_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budgets, "MOST_CALLERS", 2)
    spending = Spending(SETTINGS, lambda: 0.0)
    for who in ("a", "b", "c"):
        spending.spend(somebody(), who, 100)
    assert spending.allowance(somebody(), "a").remaining == 100
    assert spending.allowance(somebody(), "c").remaining == 0
