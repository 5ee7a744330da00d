"""router.yaml is obeyed whole or refused with the place of each fault."""

from pathlib import Path

import pytest

from router.settings import SettingsError, load_settings, read_settings


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{limit: {}}", "limit: there is no such key; did you mean limits?"),
        ("{limits: {max_dept: 1}}", "did you mean max_depth?"),
        (
            "{telemetry: {exporters: {metrics: {prometeus: {}}}}}",
            (
                "telemetry.exporters.metrics.prometeus: there is no such key; "
                "did you mean prometheus?"
            ),
        ),
        (
            "{traffic_shaping: {subgraphs: {users: {timeot: 1s}}}}",
            "did you mean timeout?",
        ),
        (
            "{headers: {all: {request: [{propagte: {named: a}}]}}}",
            (
                "headers.all.request.0.propagte: there is no such key; "
                "did you mean propagate?"
            ),
        ),
        (
            (
                "{authentication: {router: {jwt: {jwks: [{url: u, issuers: [i], "
                "audiences: [a], pol_interval: 3s}]}}}}"
            ),
            "did you mean poll_interval?",
        ),
        ("{hooks: {module: 'a b'}}", "hooks.module"),
        ("{health_check: {zzz: 1}}", "known here: enabled, path"),
    ],
)
def test_a_mistyped_key_is_refused_with_the_nearest_known_one(
    text: str, says: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(text, {})
    assert says in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings("{limits: {max_depth: x}, corse: {}}", {})
    assert len(str(refused.value).splitlines()) == 2


def test_variables_stand_anywhere_and_never_become_structure() -> None:
    text = """
    limits: {max_depth: "${env.DEPTH:-9}"}
    helpnest: {readable_errors: ["A ${env.CODE}", "${env.OTHER:-b: c}", "${env.NO:-}"]}
    """
    settings = read_settings(text, {"CODE": "a: {b} ${env.X}", "DEPTH": "11"})
    assert settings.limits.max_depth == 11
    assert settings.helpnest.readable_errors == ("A a: {b} ${env.X}", "b: c", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("limits: {max_depth: 3}\nlimits: {}", "line 2: 'limits' comes twice"),
        ("limits:\n  max_depth: 3\n  max_depth: 4", "line 3: 'max_depth' comes twice"),
        ("cors:\n  policies:\n  - {origins: [], origins: []}", "line 3: 'origins'"),
    ],
)
def test_a_key_that_comes_twice_is_refused(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(text, {})
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "reference",
    ["${file.secret}", "${env.A:b}", "a ${env.A", "${A}", "${env.A:-${env.B:-c}}"],
)
def test_what_only_looks_like_a_reference_is_not_taken_for_a_text(
    reference: str,
) -> None:
    with pytest.raises(SettingsError, match="a reference is written"):
        read_settings(f"{{supergraph: {{path: '{reference}'}}}}", {"A": "/a"})


def test_a_section_that_is_empty_says_so() -> None:
    with pytest.raises(SettingsError, match="limits: is empty; leave it out"):
        read_settings("limits:\n#  max_depth: 3\n", {})


def test_a_variable_without_a_value_refuses() -> None:
    with pytest.raises(SettingsError, match="NOWHERE is not set"):
        read_settings("{supergraph: {path: '${env.NOWHERE}'}}", {})


def test_a_file_that_is_missing_refuses(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.yaml", {})


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "router.yaml").write_text(text)
    with pytest.raises(SettingsError, match=r"router\.yaml is empty; write \{\}"):
        load_settings(tmp_path / "router.yaml", {})


def test_every_default_is_taken_by_saying_so(tmp_path: Path) -> None:
    (tmp_path / "router.yaml").write_text("{}\n")
    assert load_settings(tmp_path / "router.yaml", {}) == read_settings("", {})


def test_without_a_file_variables_still_count() -> None:
    settings = load_settings(None, {"HELPNEST_ROUTER__HOMEPAGE__ENABLED": "no"})
    assert not settings.homepage.enabled
