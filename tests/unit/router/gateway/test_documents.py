"""Documents: judged once, refused cheaply."""

import gc
import time
from typing import Any

import pytest
from graphql import get_introspection_query

from kit.garbage import MANY, look_seldom
from router.gateway.documents import Documents
from router.gateway.refusals import RefusedError
from router.settings import read_settings
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema
from tests.support.routers import SDL

SCHEMA = api_schema(read_supergraph(SDL))
FRIENDS = " ".join(
    f"fragment f{n} on Ticket {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60)
)


def documents(yaml: str = "") -> Documents:
    return Documents(SCHEMA, read_settings(yaml, {}))


def test_a_text_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = documents()
    first = known.read("{ tickets { id } }")
    with pytest.raises(RefusedError):
        known.read("{ nothing }")
    monkeypatch.setattr(known, "_judge", None)
    assert known.read("{ tickets { id } }") is first
    with pytest.raises(RefusedError, match="nothing"):
        known.read("{ nothing }")


@pytest.mark.parametrize(
    ("limits", "text", "code"),
    [
        ("parser_max_tokens: 5", "{ tickets { id title } }", "GRAPHQL_PARSE_FAILED"),
        ("max_depth: 1", "{ tickets { id } }", "MAX_DEPTH_LIMIT"),
        ("max_root_fields: 1", "{ tickets { id } viewer { id } }",
         "MAX_ROOT_FIELDS_LIMIT"),
        ("max_aliases: 1", "{ a: tickets { b: id } }", "MAX_ALIASES_LIMIT"),
        ("max_directives: 0", "{ tickets @skip(if: true) { id } }",
         "MAX_DIRECTIVES_LIMIT"),
    ],
)  # fmt: skip
def test_each_limit_refuses_by_its_name(limits: str, text: str, code: str) -> None:
    documents().read(text)
    with pytest.raises(RefusedError) as caught:
        documents(f"limits: {{{limits}}}").read(text)
    assert caught.value.errors[0]["extensions"]["code"] == code


HOSTILE: dict[str, Any] = {
    "fragment bomb": "{ tickets { ...f0 } } "
    + FRIENDS
    + " fragment f60 on Ticket { id }",
    "deep": "{ tickets { assignee " * 1 + "{ id" * 300 + "}" * 301 + "}",
    "deep lists": "{ tickets(first: " + "[" * 900 + "]" * 900 + ") { id } }",
    "endless fragment": "{ tickets { ...a } } fragment a on Ticket { ...b } "
    "fragment b on Ticket { ...a }",
    "long number": "{ tickets(first: " + "9" * 100_000 + ") { id } }",
    "many unknown": "{ tickets { " + " ".join(f"x{n}" for n in range(900)) + " } }",
    "many arguments": "{ tickets(" + " ".join(f"a{n}: 1" for n in range(500)) + ") }",
    "empty": "   \n # nothing",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_meant_to_hurt_is_refused_in_no_time(name: str) -> None:
    known = documents()
    known.read("{ tickets { id } }")
    began = time.process_time()
    with pytest.raises(RefusedError):
        known.read(HOSTILE[name])
    assert time.process_time() - began < 1


def test_the_introspection_query_of_tools_is_within_the_limits() -> None:
    assert documents().read(get_introspection_query(descriptions=True))


def test_what_reading_leaves_behind_is_looked_for_before_it_is_much() -> None:
    known, before = documents(), gc.get_threshold()
    gc.collect()
    look_seldom()
    try:
        most = 0
        for number in range(100):
            known.read(f"query Q{number} {{ tickets {{ id title }} }}")
            most = max(most, gc.get_count()[0])
    finally:
        gc.set_threshold(*before)
    assert len(known) == 100
    assert most < MANY
