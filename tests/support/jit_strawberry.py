"""A Strawberry schema with one of everything that its resolvers can be."""

import asyncio
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission

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
