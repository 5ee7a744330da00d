"""The environment goes before the file, and is read as strictly."""

import pytest

from router.settings import SettingsError, read_settings


def test_a_variable_sets_a_key_at_any_depth_over_the_file() -> None:
    text = "{limits: {max_depth: 7, max_aliases: 3}}"
    env = {
        "HELPNEST_ROUTER__LIMITS__MAX_DEPTH": "20",
        "HELPNEST_ROUTER__SUPERGRAPH__INTROSPECTION": "false",
        "HELPNEST_ROUTER__TRAFFIC_SHAPING__SUBGRAPHS__USERS__TIMEOUT": "500ms",
        "HELPNEST_ROUTER__CORS__ORIGINS": "[https://a.example]",
    }
    settings = read_settings(text, env)
    assert (settings.limits.max_depth, settings.limits.max_aliases) == (20, 3)
    assert settings.supergraph.introspection is False
    assert settings.traffic_shaping.of("users").timeout == 0.5
    assert settings.cors.origins == ("https://a.example",)


def test_other_variables_are_none_of_its_business() -> None:
    env = {"HELPNEST_ROUTER_SECRET": "x", "HELPNEST_HOME": "y"}
    assert read_settings("", env) == read_settings("", {})


def test_a_mistyped_variable_refuses_and_names_the_nearest_key() -> None:
    env = {"HELPNEST_ROUTER__LIMITS__MAX_DEEPTH": "20"}
    with pytest.raises(SettingsError, match=r"limits\.max_deepth.*did you mean max_d"):
        read_settings("", env)


def test_a_value_of_the_wrong_type_refuses_with_its_place() -> None:
    env = {"HELPNEST_ROUTER__LIMITS__MAX_DEPTH": "deep"}
    with pytest.raises(SettingsError, match=r"limits\.max_depth: .*integer"):
        read_settings("", env)


def test_a_value_that_is_not_yaml_refuses() -> None:
    with pytest.raises(SettingsError, match="not YAML"):
        read_settings("", {"HELPNEST_ROUTER__CORS__ORIGINS": "[a"})
