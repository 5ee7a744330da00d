"""What an id means to whom, and which texts are those that are listed."""

import pytest

from router.gateway.persisted.library import Library
from router.gateway.persisted.manifest import Key

LISTED = (
    "fragment T on Ticket { id } query A { tickets { ...T } } query B { viewer { id } }"
)
BODIES: dict[Key, str] = {
    ("a", None): LISTED,
    ("b", None): "{ b }",
    ("b", "web"): "{ web }",
}


def library(*, introspection: bool = True) -> Library:
    return Library(BODIES, introspection=introspection, max_tokens=100)


@pytest.mark.parametrize(
    ("name", "client", "body"),
    [
        ("b", "", "{ b }"),
        ("b", "web", "{ web }"),
        ("b", "other", "{ b }"),
        ("sha256:b", "web", "{ web }"),
        ("B", "", None),
        ("", "", None),
        ("sha256:", "", None),
    ],
)
def test_an_id_means_a_clients_own_document_or_everybodys(
    name: str, client: str, body: str | None
) -> None:
    assert library().body(name, client) == body


def test_a_client_has_no_other_clients_documents() -> None:
    only = Library({("b", "web"): "{ b }"}, introspection=True, max_tokens=9)
    assert only.body("b", "web") == "{ b }"
    assert only.body("b", "") is None
    assert only.body("b", "Web") is None


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (LISTED, True),
        (
            "query B{viewer{id}}#\n query A{tickets{...T}}fragment T on Ticket{id,}",
            True,
        ),
        (LISTED.replace("{ id }", "{ id title }", 1), False),
        (LISTED.replace("query A", "query C"), False),
        ("query A { tickets { ...T } } fragment T on Ticket { id }", False),
        ("{ b }", True),
        ("{ c: b }", False),
        ("{ b @skip(if: false) }", False),
        ("{ not GraphQL", True),  # and refused for that
        ("{ __schema { types { name } } }", True),
        ("{ ...F } fragment F on Query { __typename ... { __type(name: 1) } }", True),
        ("{ __typename c }", False),
        ("{ __typename ... { c } }", False),
        ("{ ...F } fragment F on Query { c ...F }", False),
        ("{ ...Nowhere }", True),  # and refused for that
        ("fragment F on Query { c }", False),
    ],
)
def test_a_text_is_listed_whatever_its_blanks_and_order(
    text: str, listed: bool
) -> None:
    shelf = library()
    assert [shelf.lists(text), shelf.lists(text)] == [listed, listed]


def test_without_introspection_its_questions_are_not_everybodys() -> None:
    assert not library(introspection=False).lists("{ __schema { types { name } } }")
