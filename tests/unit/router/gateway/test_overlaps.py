"""Field merging, compared with graphql-core's own rule, and its price."""

import time

import pytest
from graphql import (
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    parse,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from router.gateway import overlaps
from router.gateway.overlaps import find_conflict

SCHEMA = build_schema("""
  interface Animal { name: String other(n: Int): Animal }
  type Cat implements Animal { name: String other(n: Int): Cat lives: Int! same: Int }
  type Dog implements Animal { name: String other(n: Int): Dog lives: Int same: [Int] }
  union Pet = Cat | Dog
  type Query { animal: Animal pet: Pet cat: Cat dog: Dog }
""")

FIELDS = {
    "Query": {"animal": "Animal", "pet": "Pet", "cat": "Cat", "dog": "Dog"},
    "Animal": {"name": "", "other": "Animal", "other(n: 1)": "Animal"},
    "Cat": {"name": "", "other": "Cat", "lives": "", "same": "", "other(n: 2)": "Cat"},
    "Dog": {"name": "", "other": "Dog", "lives": "", "same": ""},
    "Pet": {},
}
NARROWER = {"Animal": ["Cat", "Dog", "Animal"], "Pet": ["Cat", "Dog", "Animal"]}


@st.composite
def selections(draw: st.DrawFn, kind: str, depth: int = 3) -> str:
    """Write a selection set in which keys often meet."""
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        usable = [f for f, result in FIELDS[kind].items() if depth or not result]
        if usable and draw(st.booleans()):
            field = draw(st.sampled_from(usable))
            alias = draw(st.sampled_from(["", "", "a: ", "name: "]))
            inner = FIELDS[kind][field]
            below = draw(selections(inner, depth - 1)) if inner else ""
            parts.append(f"{alias}{field} {below}")
        elif depth:
            narrow = draw(st.sampled_from(NARROWER.get(kind, [kind])))
            parts.append(f"... on {narrow} {draw(selections(narrow, depth - 1))}")
    return "{ " + " ".join(parts or ["__typename"]) + " }"


@settings(max_examples=400, deadline=None)
@given(selections("Query"))
def test_it_finds_a_conflict_where_graphql_core_does(text: str) -> None:
    document = parse(text)
    expected = validate(SCHEMA, document, [OverlappingFieldsCanBeMergedRule])
    assert bool(find_conflict(SCHEMA, document)) == bool(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{ cat { name: lives name } }", "conflicting types"),
        ("{ cat { a: same a: lives } }", "conflicting types"),
        ("{ dog { a: lives a: same } }", "conflicting types"),
        ("{ cat { other { name } other(n: 1) { name } } }", "differing arguments"),
        ("{ pet { ... on Cat { same } ... on Dog { same } } }", "conflicting types"),
    ],
)
def test_it_says_what_conflicts(text: str, says: str) -> None:
    conflict = find_conflict(SCHEMA, parse(text))
    assert conflict is not None
    assert says in conflict.message


def test_fields_of_types_that_cannot_meet_may_differ() -> None:
    text = "{ pet { ... on Cat { a: name } ... on Dog { a: name } } }"
    assert find_conflict(SCHEMA, parse(text)) is None


def test_a_thousand_equal_fields_take_no_time_to_speak_of() -> None:
    document = parse("{ animal { " + "other { name } " * 480 + "} }")
    began = time.process_time()
    assert find_conflict(SCHEMA, document) is None
    assert time.process_time() - began < 1


def test_what_grows_with_every_type_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(overlaps, "MOST_STEPS", 40)
    level = (
        "... on Cat { x: other { # } } ... on Dog { x: other { # } } x: other { # } "
    )
    text = "{ animal { " + level.replace("#", level).replace("#", "name") + "} }"
    assert find_conflict(SCHEMA, parse("{ animal { name } }")) is None
    conflict = find_conflict(SCHEMA, parse(text))
    assert conflict is not None
    assert "too many fields" in conflict.message
