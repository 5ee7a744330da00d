"""A real subgraph answers the same, byte for byte, compiled or not."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_introspection_query

from subgraphs.users.app import create_app
from tests.support import subgraph
from tests.support.subgraph import running_subgraph
from tests.support.tokens import bearer

PEOPLE = """
query People($filter: UserFilter, $after: String) {
  users(filter: $filter, first: 5, after: $after) {
    totalCount nodes { id name } edges { cursor } pageInfo { hasNextPage endCursor }
  }
}
"""
ENTITIES = """
query ($them: [_Any!]!) { _entities(representations: $them) { ... on User { name } } }
"""
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("{ __typename roles { key permissions } }", {}),
    ("{ viewer { id } a: roles { k: key } b: roles { k: key } }", {}),
    (PEOPLE, {}),
    (PEOPLE, {"filter": {"name": {"startsWith": "a%"}}}),
    (PEOPLE, {"filter": {"name": {"eq": None}}}),
    (PEOPLE, {"filter": {"name": {"eq": "a\0b"}}}),
    (PEOPLE, {"filter": {"nope": 1}}),
    (PEOPLE, {"filter": 5}),
    (PEOPLE, {"after": "forged"}),
    ("{ users(first: 101) { totalCount } }", {}),
    ("query ($x: Boolean!) { roles @include(if: $x) { key } }", {"x": False}),
    ("query ($x: Boolean!) { roles @include(if: $x) { key } }", {}),
    (ENTITIES, {"them": [{"__typename": "User", "id": "usr_1"}, {"__typename": "No"}]}),
    (ENTITIES, {"them": [{"__typename": "User"}, {}]}),
    ('mutation { updateUser(input: {id: "usr_1"}) { userErrors { code } } }', {}),
    ("{ nope }", {}),
    ("{", {}),
    ("", {}),
    (get_introspection_query(), {}),
    ("{ _service { sdl } }", {}),
]


async def test_both_executions_give_the_same_answers(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[list[tuple[int, bytes]]] = []
    who = bearer("usr_1", scopes=["users:read", "users:manage"])
    for execution in ("compiled", "standard"):
        monkeypatch.setattr(subgraph, "EXECUTION", execution)
        async with running_subgraph("users", create_app, database_url) as users:
            got = [await users.post(text, given, who) for text, given in ASKED]
            answers.append([(each.status_code, each.content) for each in got])

    compiled, standard = answers
    for asked, one, other in zip(ASKED, compiled, standard, strict=True):
        assert one == other, asked
    assert {status for status, _ in compiled} == {200, 400}
    assert not any(b'"INTERNAL"' in body for _, body in compiled)
