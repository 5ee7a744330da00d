"""Answers, compared with what graphql-core makes of the same data."""

from typing import Any

import orjson
import pytest
from graphql import (
    build_schema,
    parse,
)

from router.errors import Problem
from router.operation.normalize import normalize
from router.projection import project as project_module
from router.projection.project import Projection

Json = dict[str, Any]

SCHEMA = build_schema("""
  type Query { user: User users: [User!] strict: [[User!]!]! named: Named
               either: Either number: Int! }
  interface Named { id: ID! name: String }
  type User implements Named { id: ID! name: String age: Int! tags: [String!]
                               boss: User peers: [User]! kind: Kind score: Float
                               on: Boolean extra: Any }
  type Group implements Named { id: ID! name: String members: [User!]! }
  union Either = User | Group
  enum Kind { A B }
  scalar Any
""")


def project(text: str, data: Json, **variables: Any) -> Json:
    """Answer an operation from gathered data."""
    operation = normalize(SCHEMA, parse(text))
    answer = Projection(SCHEMA, operation).answer(
        data, [], variables=variables, conditions=variables
    )
    found: Json = orjson.loads(answer.body)
    return found


def test_keys_come_in_the_clients_order_and_nothing_else_does() -> None:
    data = {"user": {"secret": 1, "__typename": "User", "name": "A", "i": "1"}}
    answer = project(
        "{ user { n: name } user { i: id __typename } }",
        {"user": {**data["user"], "n": "A"}},
    )
    assert answer == {"data": {"user": {"n": "A", "i": "1", "__typename": "User"}}}
    assert list(answer["data"]["user"]) == ["n", "i", "__typename"]


def test_a_values_other_json_form_is_converted() -> None:
    data = {"user": {"id": 7, "age": 3.0, "score": 1, "extra": {"any": [1]}}}
    assert project("{ user { id age score extra } }", data) == {
        "data": {"user": {"id": "7", "age": 3, "score": 1, "extra": {"any": [1]}}}
    }


def test_each_object_shows_what_was_asked_of_its_type() -> None:
    text = """{ either { ... on Named { name } ... on User { age }
                         ... on Group { id } } named { __typename } }"""
    data: Json = {"either": {"__typename": "Group", "name": "G", "id": "g", "age": 1}}
    assert project(text, {**data, "named": {"__typename": "User"}}) == {
        "data": {"either": {"name": "G", "id": "g"}, "named": {"__typename": "User"}}
    }


@pytest.mark.parametrize(
    ("on", "off", "expected"),
    [
        (True, True, {"id": "1"}),
        (True, False, {"id": "1", "name": "A"}),
        (False, False, {"name": "A"}),
        (False, True, {}),
    ],
)
def test_conditions_are_kept(on: bool, off: bool, expected: Json) -> None:
    text = """query($on: Boolean!, $off: Boolean!) {
      user { id @include(if: $on) name @skip(if: $off) } }"""
    data = {"user": {"id": "1", "name": "A"}}
    assert project(text, data, on=on, off=off) == {"data": {"user": expected}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 1),
        ("name", {}),
        ("age", "1"),
        ("age", 2**31),
        ("age", True),
        ("on", 1),
        ("score", "x"),
        ("kind", "C"),
        ("kind", []),
        ("tags", "abc"),
        ("tags", {}),
        ("tags", [1]),
        ("boss { id }", "x"),
        ("boss { id }", []),
        ("peers { id }", {}),
        ("id", 1.5),
    ],
)
def test_a_value_of_another_type_is_null_with_an_error_at_its_place(
    field: str, value: Any
) -> None:
    key = field.split(maxsplit=1)[0]
    answer = project(f"{{ user {{ {field} }} }}", {"user": {key: value}})
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "SUBREQUEST_MALFORMED_RESPONSE"
    assert error["path"][:2] == ["user", key]
    assert "abc" not in error["message"]


def test_a_malformed_value_names_the_subgraph_that_sent_it() -> None:
    operation = normalize(SCHEMA, parse("{ user { name } }"))
    answer = Projection(SCHEMA, operation).answer(
        {"user": {"name": 1}},
        [],
        variables={},
        conditions={},
        owner=lambda path: f"owner of {path}",
    )
    (problem,) = answer.problems
    assert problem.extensions["service"] == "owner of ('user', 'name')"


def test_errors_stand_in_the_order_of_their_fields_and_once_each() -> None:
    operation = normalize(SCHEMA, parse("{ users { id name } user { id } }"))
    told = [
        Problem("u", ("user", "id")),
        Problem("b", ("users", 1, "name")),
        Problem("a", ("users", 0, "name")),
        Problem("a", ("users", 0, "name")),
        Problem("none", None),
        Problem("key", ("users", 0, "_hidden")),
    ]
    users = [{"id": "1"}, {"id": "2"}]
    answer = Projection(SCHEMA, operation).answer(
        {"users": users, "user": None}, told, variables={}, conditions={}
    )
    assert [(each.message, each.path) for each in answer.problems] == [
        ("key", ("users", 0)),
        ("a", ("users", 0, "name")),
        ("b", ("users", 1, "name")),
        ("u", ("user", "id")),
        ("none", None),
    ]


def test_a_null_that_a_known_problem_explains_gets_no_second_error() -> None:
    operation = normalize(SCHEMA, parse("{ users { age } }"))
    known = [Problem("down", ("users", 0))]
    answer = Projection(SCHEMA, operation).answer(
        {"users": [{"id": "1"}]}, known, variables={}, conditions={}
    )
    assert orjson.loads(answer.body) == {
        "errors": [{"message": "down", "path": ["users", 0]}],
        "data": {"users": None},
    }


def test_each_error_tells_the_request_it_was_met_in() -> None:
    operation = normalize(SCHEMA, parse("{ number }"))
    answer = Projection(SCHEMA, operation).answer(
        {}, [], variables={}, conditions={}, request_id="r1"
    )
    (error,) = orjson.loads(answer.body)["errors"]
    assert error["extensions"]["requestId"] == "r1"


def test_an_operation_deeper_than_pythons_brackets_is_projected() -> None:
    text = "{ user { " + "boss { " * 60 + "id" + " }" * 61 + " }"
    data: Json = {"id": "1"}
    for _ in range(60):
        data = {"boss": data}
    assert project(text, {"user": data}) == {"data": {"user": data}}


def test_introspection_is_answered_by_the_router() -> None:
    text = """{ __schema { queryType { name } } t: __type(name: "Kind") { kind }
                user { id } }"""
    assert project(text, {"user": None}) == {
        "data": {
            "__schema": {"queryType": {"name": "Query"}},
            "t": {"kind": "ENUM"},
            "user": None,
        }
    }


@pytest.mark.parametrize("data", [{"user": {"name": None}}, {"user": {}}, {}])
def test_what_is_null_or_missing_where_it_may_be_needs_no_careful_look(
    data: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(project_module, "Careful")
    text = "{ user { name boss { id } } }"
    expected = {"name": None, "boss": None} if "user" in data else None
    assert project(text, data) == {"data": {"user": expected}}


@pytest.mark.parametrize("problems", [[], [Problem("other", ("number",))]])
def test_what_nests_too_deeply_to_be_written_is_an_error(
    problems: list[Problem],
) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    operation = normalize(SCHEMA, parse("{ user { extra } }"))
    answer = Projection(SCHEMA, operation).answer(
        {"user": {"extra": deep}}, problems, variables={}, conditions={}
    )
    found = orjson.loads(answer.body)
    assert found["data"] is None
    assert "nests too deeply" in found["errors"][0]["message"]
