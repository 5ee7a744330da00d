"""Strawberry's schemas: short ways where they are plain, the long way elsewhere."""

import asyncio
from collections.abc import Callable
from typing import Any

import graphql as g
import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

import jit
from jit.strawberry_marks import certain_classes, plain_attribute, plain_method
from tests.support.jit_strawberry import SCHEMA

Execute = Callable[..., Any]

EVERYTHING = """
fragment T on Ticket {
  id title status at tags loud shout(times: 1) s: shout(tag: "!") fixed
  owner { id name }
}
query ($n: Int) {
  __typename
  tickets { ...T watcher { name } n: shout(times: $n) }
  loud { id heard rooted owner { id } watcher { id } status }
  nodes { __typename id ... on User { name } ... on Made { title } ...T }
  page { items { id } }
  cast { __typename id }
}
"""


def outcome(execute: Execute, text: str, **options: Any) -> Any:
    async def run() -> Any:
        result = execute(options.pop("schema", SCHEMA), g.parse(text), **options)
        return result if isinstance(result, g.ExecutionResult) else await result

    result = asyncio.run(run())
    return result.data, [
        (e.formatted, type(e.original_error)) for e in result.errors or []
    ]


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        "{ tickets { id broken owner { name } } }",
        "{ tickets { id secret } }",
        "{ tickets { id hushed } }",
        "{ wrong { __typename ... on Tag { label } ... on Ticket { title } } }",
        "{ cast { id ... on User { name } } }",
        "{ raw }",
        """query ($n: Int, $a: Int!, $id: ID = "d") { arguments {
          p1: plain(a: 1) p2: plain(a: $n) p6: plain
          p3: plain(a: $a, b: null, c: "c", from: false)
          p4: plain(a: 2, c: null, dE: 2, b: "x") p5: plain(a: 3, c: $id) } }""",
        """query ($at: DateTime, $box: Box, $none: String) { arguments {
          c1: converted c2: converted(box: {width: 1}) c3: converted(status: OPEN)
          c4: converted(many: [OPEN, DONE]) c5: converted(at: $at, box: $box)
          c6: converted(box: null, title: "u") c7: converted(maybe: 3)
          c8: converted(title: $none)
          c9: converted(many: OPEN, box: {width: 2, note: null})
          c10: converted(status: NOPE)
          c11: converted(at: "2026-01-02T03:04:05Z") } }""",
    ],
)
@pytest.mark.parametrize("context", [None, {"in": True}])
def test_strawberry_schemas_give_what_they_give_under_graphql_core(
    text: str, context: Any
) -> None:
    options = {"context_value": context, "variable_values": {"n": 3, "a": 4}}
    assert outcome(jit.execute, text, **options) == outcome(g.execute, text, **options)


def field(type_: str, name: str) -> tuple[g.GraphQLField, Any]:
    holder: Any = SCHEMA.type_map[type_]
    return holder.fields[name], holder.fields[name].resolve


def test_fields_without_a_resolver_are_attributes() -> None:
    assert plain_attribute(*field("Ticket", "title")) == "title"
    for name in ("secret", "hushed", "loud", "owner", "shout"):
        assert plain_attribute(*field("Ticket", name)) is None


def test_resolvers_without_extensions_are_called_straight() -> None:
    recognised = {
        name: (method.source, method.info)
        for name in SCHEMA.type_map["Loud"].fields  # pyright: ignore[reportAttributeAccessIssue] - an object type
        if (method := plain_method(*field("Loud", name)))
    }
    assert recognised == {
        "owner": ("", None),
        "watcher": ("", "info"),
        "shout": ("", None),
        "broken": ("", None),
        "fixed": (None, None),
        "heard": ("parent", None),
        "rooted": ("root", None),
    }


def test_a_class_tells_its_type_unless_it_is_generic() -> None:
    def names(type_: str) -> dict[str, str]:
        found = certain_classes(SCHEMA, SCHEMA.type_map[type_])
        return {kind.__name__: object_type.name for kind, object_type in found.items()}

    assert names("Ticket") == {"Ticket": "Ticket"}
    assert names("Either") == {"Ticket": "Ticket", "User": "User", "Tag": "Tag"}
    assert names("Node").keys() == {"User", "Ticket", "Made", "Loud"}
    assert names("TicketPage") == {}


def test_a_default_resolver_of_the_users_own_is_respected() -> None:
    @strawberry.type
    class Other:
        name: str

    def root() -> Other:
        return {"name": "n"}  # type: ignore[return-value] # pyright: ignore[reportReturnType] - see the resolver below

    @strawberry.type
    class OtherQuery:
        other: Other = strawberry.field(resolver=root)

    def read(source: Any, name: str) -> Any:
        return source[name].upper()

    config = StrawberryConfig(default_resolver=read)
    schema = strawberry.Schema(OtherQuery, config=config)._schema
    assert outcome(jit.execute, "{ other { name } }", schema=schema) == (
        {"other": {"name": "N"}},
        [],
    )


def test_a_field_class_of_the_users_own_is_respected() -> None:
    from strawberry.types.field import StrawberryField  # noqa: PLC0415 - only here

    class Doubled(StrawberryField):
        def get_result(self, *args: Any, **kwargs: Any) -> Any:
            result: Any = super().get_result(*args, **kwargs)
            return result * 2

    @strawberry.type
    class DoubledQuery:
        @Doubled()
        def one(self) -> int:
            return 1

    schema = strawberry.Schema(DoubledQuery)._schema
    assert outcome(jit.execute, "{ one }", schema=schema) == ({"one": 2}, [])
