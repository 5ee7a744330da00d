"""Null propagation and errors, compared with what graphql-core makes of the same."""

from collections.abc import Callable
from random import Random
from typing import Any

import orjson
from graphql import GraphQLResolveInfo, build_schema, execute_sync, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from router.operation.normalize import normalize
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

# Against graphql-core: random operations on random data, null where none may be.

FIELDS = {
    "Query": ["user", "users", "strict", "named", "either", "number"],
    "User": ["id", "name", "age", "tags", "boss", "peers", "kind", "score", "on"],
    "Group": ["id", "name", "members"],
    "Named": ["id", "name"],
    "Either": [],
}
RESULT = {
    "user": "User", "users": "User", "strict": "User", "named": "Named",
    "either": "Either", "boss": "User", "peers": "User", "members": "User",
}  # fmt: skip
NARROWER = {"Named": ["User", "Group", "Named"], "Either": ["User", "Group", "Named"]}


@st.composite
def selections(draw: st.DrawFn, kind: str, depth: int = 3) -> str:
    """Write a selection set, with fragments where types allow."""
    usable = [f for f in FIELDS[kind] if depth or f not in RESULT]
    parts = [
        f"{field} {draw(selections(RESULT[field], depth - 1))}"
        if field in RESULT
        else field
        for field in (
            draw(st.lists(st.sampled_from(usable), max_size=4)) if usable else []
        )
    ]
    if depth:
        parts += [
            f"... on {each} {draw(selections(each, depth - 1))}"
            for each in draw(
                st.lists(st.sampled_from(NARROWER.get(kind, [kind])), max_size=2)
            )
        ]
    if not parts or draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), "__typename")
    return "{ " + " ".join(parts) + " }"


def some_object(random: Random, depth: int) -> Json:
    """Make an object that has every field, some null."""

    def perhaps(make: Callable[[], Any]) -> Any:
        return make() if random.random() < 0.85 else None

    def user() -> Json:
        return {**some_object(random, depth - 1), "__typename": "User"}

    def users() -> list[Any]:
        return [perhaps(user) for _ in range(random.randint(0, 2))]

    made: Json = {
        "__typename": random.choice(["User", "Group"]),
        "id": perhaps(lambda: "i"),
        "name": perhaps(lambda: "n"),
        "age": perhaps(lambda: random.randint(0, 9)),
        "tags": perhaps(lambda: [perhaps(lambda: "t")]),
        "kind": perhaps(lambda: random.choice("AB")),
        "score": perhaps(random.random),
        "on": perhaps(lambda: True),
        "number": perhaps(lambda: 1),
    }
    if depth:
        made |= {key: perhaps(user) for key in ("boss", "user")}
        made |= {key: perhaps(users) for key in ("users", "peers", "members")}
        made["strict"] = perhaps(lambda: [perhaps(users)])
        for key in ("named", "either"):
            made[key] = perhaps(lambda: some_object(random, depth - 1))
    return made


def resolve(source: Json, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    """Resolve a field by its key."""
    return source.get(str(info.path.key))


for abstract in ("Named", "Either"):
    kind: Any = SCHEMA.get_type(abstract)
    kind.resolve_type = lambda value, *_: value["__typename"]


@settings(max_examples=300, deadline=None)
@given(selections("Query"), st.integers(0, 10**6), st.booleans())
def test_answers_are_those_of_the_specification(
    text: str, seed: int, lenient: bool
) -> None:
    data = some_object(Random(seed), 3)
    document = parse(text)
    if validate(SCHEMA, document):
        return
    expected = execute_sync(SCHEMA, document, data, field_resolver=resolve)
    if lenient:
        data = without_nulls(data)
    operation = normalize(SCHEMA, document)
    answer = Projection(SCHEMA, operation).answer(data, [], variables={}, conditions={})
    found = orjson.loads(answer.body)
    assert found["data"] == expected.data
    assert orjson.dumps(found["data"]) == orjson.dumps(expected.data)
    paths = [tuple(error.path or ()) for error in expected.errors or ()]
    assert sorted(map(str, (each.path for each in answer.problems))) == sorted(
        map(str, paths)
    )


def without_nulls(value: Any) -> Any:
    """Leave null keys out, as a subgraph that failed does."""
    if isinstance(value, dict):
        items: Any = value.items()
        return {key: without_nulls(each) for key, each in items if each is not None}
    if isinstance(value, list):
        elements: list[Any] = value
        return [without_nulls(each) for each in elements]
    return value
