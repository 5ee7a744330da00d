"""The reference names every key once, with what Apollo Router makes of it."""

from typing import Any

from router.settings.page import configuration_page
from router.settings.reference import REFERENCE, Key, json_schema, keys


def found(place: str) -> Key:
    (key,) = [key for key in keys() if key.place == place]
    return key


def test_every_key_stands_once() -> None:
    places = [key.place for key in keys()]
    assert len(places) == len(set(places))
    assert "authentication.router.jwt.jwks[].issuers" in places
    assert "traffic_shaping.subgraphs.<name>.timeout" in places


def test_what_is_ours_alone_says_so() -> None:
    assert found("hooks.module").ours
    assert found("helpnest.router_secret").ours
    assert found("limits.max_directives").ours
    assert not found("limits.max_depth").ours


def test_a_difference_is_told_apart_from_the_description() -> None:
    key = found("health_check.path")
    assert key.unlike == "on the address of `supergraph.listen`"
    assert "Apollo" not in key.says


def test_values_are_named_for_people() -> None:
    assert found("traffic_shaping.router.timeout").kind == "duration"
    assert found("cors.origins").kind == "list of text"
    assert found("helpnest.router_secret").default == ""
    assert found("limits.max_depth").default == "`15`"


def test_editors_take_a_reference_to_the_environment_for_a_number() -> None:
    limits: Any = json_schema()["$defs"]["Limits"]["properties"]
    plain, reference = limits["max_depth"]["anyOf"]
    assert (plain["type"], plain["minimum"]) == ("integer", 1)
    assert reference["type"] == "string"


def test_editors_take_one_for_a_text_of_a_certain_form_and_for_a_duration() -> None:
    sections: Any = json_schema()["$defs"]
    for section, key in (("Jwks", "url"), ("Supergraph", "path")):
        plain, reference = sections[section]["properties"][key]["anyOf"]
        assert (plain["pattern"] is not None, reference) == (True, REFERENCE)
    number, text = sections["RouterTraffic"]["properties"]["timeout"]["anyOf"]
    assert number["anyOf"][1] == text["anyOf"][1] == REFERENCE


def test_editors_refuse_unknown_keys_everywhere() -> None:
    sections: Any = json_schema()["$defs"]
    assert {each["additionalProperties"] for each in sections.values()} == {False}


def test_the_page_has_a_table_for_each_section() -> None:
    page = configuration_page()
    for section in ("supergraph", "telemetry", "hooks", "helpnest"):
        assert f"\n## {section}\n" in page
