"""router.yaml: what is taken, and what refuses to start, by name."""

from pathlib import Path

import pytest

import router
from router.settings import Settings, SettingsError, load_settings, read_settings
from router.settings.values import seconds


def test_nothing_said_is_the_defaults() -> None:
    assert read_settings("", {}) == load_settings() == Settings()


def test_the_shipped_file_is_valid_and_its_limits_are_the_defaults() -> None:
    shipped = load_settings(Path(router.__file__).with_name("router.yaml"), {})
    assert shipped.limits == Settings().limits
    assert shipped.traffic_shaping.all == Settings().traffic_shaping.all


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        ("supergaph: {}", "supergaph: there is no such key; did you mean supergraph?"),
        ("limits: {max_dept: 3}", "limits.max_dept: .* did you mean max_depth"),
        (
            "traffic_shaping: {subgraphs: {users: {timout: 1s}}}",
            "traffic_shaping.subgraphs.users.timout: .* did you mean timeout",
        ),
        (
            "headers: {all: {request: [{propagat: {named: x}}]}}",
            "headers.all.request.0.propagat: .* did you mean propagate",
        ),
        ("csrf: {zzz: 1}", "known here: unsafe_disabled, required_headers"),
        ("limits: {max_depth: 0}", "limits.max_depth: .* greater than or equal to 1"),
        ("limits: {max_depth: deep}", "limits.max_depth: .* valid integer"),
        ("traffic_shaping: {all: {timeout: 3x}}", "traffic_shaping.all.timeout"),
        ("cors: {allow_any_origin: true, allow_credentials: true}", "named origins"),
        ("headers: {all: {request: [{}]}}", "exactly one of"),
        ("[a, b]", "mapping of sections"),
        ("a: [", "not YAML"),
    ],
)
def test_a_fault_is_said_with_its_place(yaml: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(yaml, {})


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings("{limits: {a: 1, max_depth: x}, b: 1}", {})
    assert len(str(caught.value).splitlines()) == 3


def test_the_environment_fills_in_values_and_never_structure() -> None:
    yaml = (
        "{supergraph: {path: '${env.P:-/graphql}'}, limits: {max_depth: '${env.D:-9}'}}"
    )
    assert read_settings(yaml, {}).limits.max_depth == 9
    found = read_settings(yaml, {"P": "/x, introspection: false", "D": "7"})
    assert found.supergraph.path == "/x, introspection: false"
    assert (found.supergraph.introspection, found.limits.max_depth) == (True, 7)


def test_a_variable_without_a_value_or_a_default_is_named() -> None:
    with pytest.raises(SettingsError, match="NOWHERE is not set"):
        read_settings("supergraph: {path: '${env.NOWHERE}'}", {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.yaml cannot be read"):
        load_settings(tmp_path / "missing.yaml", {})


@pytest.mark.parametrize("text", ["", "3", "s", "3 s x", "1h2", "-3s", "3sm"])
def test_a_duration_without_its_unit_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="a duration is written"):
        seconds(text)


def test_a_subgraphs_own_traffic_stands_over_that_of_all() -> None:
    found = read_settings(
        "traffic_shaping: {all: {timeout: 5s}, subgraphs: {users: {timeout: 1s}}}", {}
    ).traffic_shaping
    assert (found.of("users").timeout, found.of("tickets").timeout) == (1, 5)
