"""Strawberry's schemas: short ways where they are plain, the long way elsewhere."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import graphql as g
import pytest
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig

import jit
from jit.strawberry_marks import certain_classes, plain_attribute, plain_method

Execute = Callable[..., Any]
Item = TypeVar("Item")


@strawberry.enum
class Status(Enum):
    OPEN = "open"
    DONE = "done"


class Never(BasePermission):
    message = "Not for you."
    error_extensions = {"code": "FORBIDDEN"}  # noqa: RUF012 - Strawberry's own shape

    def has_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False


class AskedLater(BasePermission):
    message = "Not for you either."

    async def has_permission(self, *args: Any, **_kwargs: Any) -> bool:
        await asyncio.sleep(0)
        return bool(args[1].context)


class Louder(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return str(next_(source, info, **kwargs)).upper()


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Tag:
    label: str


@strawberry.type
class User(Node):
    name: str | None = None


@strawberry.type
class Made(Node):
    """Attributes that are made when they are asked for, as repositories' rows are."""

    title: str

    def __getattr__(self, name: str) -> Any:
        if name == "title":
            return "made"
        raise AttributeError(name)


@strawberry.type
class Page(Generic[Item]):
    items: list[Item]


@strawberry.type
class Ticket(Node):
    title: str
    status: Status
    at: datetime
    tags: list[str]
    secret: str = strawberry.field(permission_classes=[Never], default="s")
    hushed: str = strawberry.field(permission_classes=[AskedLater], default="h")
    loud: str = strawberry.field(extensions=[Louder()], default="quiet")
    missing: strawberry.Private[bool] = False

    @strawberry.field
    def owner(self) -> User | None:
        return None if self.missing else User(id=strawberry.ID("u"), name=self.title)

    @strawberry.field
    async def watcher(self, info: strawberry.Info) -> User:
        await asyncio.sleep(0)
        return User(id=strawberry.ID("w"), name=f"{info.field_name} {info.path.key}")

    @strawberry.field
    def shout(self, times: int = 2, tag: str | None = None) -> str:
        return self.title * times + (tag or "")

    @strawberry.field
    def broken(self) -> int:
        raise ValueError("broken")

    @strawberry.field
    @staticmethod
    def fixed() -> str:
        return "fixed"


def heard(parent: strawberry.Parent[Ticket]) -> str:
    return f"heard {parent.title}"


def rooted(root: Ticket) -> str:
    return f"rooted {root.title}"


@strawberry.type
class Loud(Ticket):
    heard: str = strawberry.field(resolver=heard)
    rooted: str = strawberry.field(resolver=rooted)


@strawberry.input
class Box:
    width: int
    tags: list[str] = strawberry.field(default_factory=list)
    note: strawberry.Maybe[str | None] = None


@strawberry.type
class Arguments:
    """Every way for an argument to reach a resolver, told back."""

    @strawberry.field
    def plain(
        self,
        a: int,
        b: str | None = None,
        c: strawberry.ID | None = strawberry.UNSET,
        d_e: float = 1.5,
        from_: Annotated[bool, strawberry.argument(name="from")] = True,
    ) -> str:
        return repr((a, b, c, d_e, from_))

    @strawberry.field
    async def converted(  # noqa: PLR0917 - as many as there are kinds
        self,
        info: strawberry.Info,
        box: Box | None = None,
        status: Status = Status.DONE,
        many: list[Status] | None = None,
        at: datetime | None = None,
        maybe: strawberry.Maybe[int] = None,
        title: str = "t",
    ) -> str:
        return repr((info.field_name, box, status, many, at, maybe, title))


Either = Annotated[Ticket | User | Tag, strawberry.union("Either")]


def tickets() -> list[Ticket]:
    at = datetime(2026, 5, 4, 3, 2, 1, 7, tzinfo=UTC)
    return [
        Ticket(
            id=strawberry.ID(f"t{n}"),
            title=f"T{n}",
            status=Status.OPEN,
            at=at,
            tags=["x"],
        )
        for n in range(3)
    ]


@strawberry.type
class Query:
    @strawberry.field
    def tickets(self) -> list[Ticket]:
        return tickets()

    @strawberry.field
    def loud(self) -> Loud:
        return Loud(
            id=strawberry.ID("l"), title="L", status=Status.DONE, tags=[],
            at=datetime(2026, 1, 1, tzinfo=UTC), missing=True,
        )  # fmt: skip

    @strawberry.field
    async def nodes(self) -> list[Node | None]:
        await asyncio.sleep(0)
        return [
            *tickets()[:1],
            User(id=strawberry.ID("u")),
            None,
            Made(id=strawberry.ID("m"), title="x"),
        ]

    @strawberry.field
    def wrong(self) -> list[Either | None]:
        return [tickets()[0], Tag(label="t"), Made(id=strawberry.ID("m"), title="x"), 7]  # type: ignore[list-item] # pyright: ignore[reportReturnType] - that is what is tested

    @strawberry.field
    def cast(self) -> Node:
        other: Any = Made(id=strawberry.ID("c"), title="c")
        return strawberry.cast(User, other)  # pyright: ignore[reportReturnType] - it gives no null

    @strawberry.field
    def page(self) -> Page[Ticket]:
        return Page(items=tickets())

    @strawberry.field
    def arguments(self) -> Arguments:
        return Arguments()

    @strawberry.field
    def raw(self) -> list[Status]:
        return ["open", "done", "lost"]  # type: ignore[list-item] # pyright: ignore[reportReturnType] - as a database gives them


SCHEMA = strawberry.Schema(Query, types=[Made, Loud])._schema

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
