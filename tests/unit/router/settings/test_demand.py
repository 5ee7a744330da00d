"""Cost in router.yaml: Apollo Router's keys, off by default, and budgets of our own."""

import pytest

from router.settings.load import SettingsError, read_settings


def test_nothing_is_counted_by_default() -> None:
    settings = read_settings("", {})
    assert not settings.demand_control.enabled
    assert settings.demand_control.most == 1000
    assert not settings.helpnest.budgets.limits


def test_apollo_routers_keys_are_ours() -> None:
    demand = read_settings(
        """
        demand_control:
          enabled: true
          mode: measure
          strategy: {static_estimated: {list_size: 5, max: 77}}
        """,
        {},
    ).demand_control
    assert (demand.enabled, demand.mode, demand.most) == (True, "measure", 77)
    assert demand.strategy.static_estimated.list_size == 5


@pytest.mark.parametrize(
    "written",
    [
        "demand_control: {mode: guess}",
        "demand_control: {strategy: {static_estimated: {max: -1}}}",
        "helpnest: {budgets: {roles: {agent: {windows: 3}}}}",
        "helpnest: {budgets: {default: {window: lots}}}",
    ],
)
def test_what_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(SettingsError):
        read_settings(written, {})


def test_one_limited_role_is_enough_to_count() -> None:
    written = "helpnest: {budgets: {window: 2m, roles: {agent: {window: 3}}}}"
    budgets = read_settings(written, {}).helpnest.budgets
    assert budgets.limits
    assert budgets.window == 120
