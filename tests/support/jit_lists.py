"""A Strawberry schema of lists, filled at random with usual and with odd values."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from random import Random
from typing import Any, ClassVar, Final

import strawberry
from strawberry.schema.config import StrawberryConfig

from jit import Made, RecordView
from kit.scalars import SCALARS

MOMENT: Final = datetime(2026, 5, 4, 3, 2, 1, 7, tzinfo=UTC)


@strawberry.enum
class Color(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Node:
    __slots__ = ()

    id: strawberry.ID


@strawberry.type
class Inner:
    """A type that is told by nothing: objects of any class will do."""

    id: strawberry.ID
    note: str | None = None
    color: Color = Color.RED


@strawberry.type
class Other(Node):
    at: datetime

    @strawberry.field
    def called(self) -> str:
        return "called"


@strawberry.type
class Fields(Node):
    __slots__ = ()

    text: str
    text_or: str | None
    number: int
    number_or: int | None
    share: float
    share_or: float | None
    flag: bool
    color: Color
    color_or: Color | None
    at: datetime
    at_or: datetime | None
    tags: list[str]
    words: list[str | None]
    numbers: list[int] | None
    inner: Inner
    inner_or: Inner | None
    other: Other
    other_or: Other | None
    node: Node | None
    link: Inner | None


@strawberry.type
class Plain(Fields):
    pass


MADE: Final = {
    "inner": Made(Inner, {"id": "inner_id", "note": "inner_note"}),
    "link": Made(Inner, {"id": "link_id"}, optional=True),
}


@strawberry.type
class Shown(Fields):
    __slots__ = ("row",)


def column(name: str) -> Any:
    return property(lambda shown: shown.row[name])


def made(name: str) -> Any:
    return property(lambda shown: MADE[name](shown.row))


COLUMNS: Final = frozenset(Fields.__annotations__) - set(MADE) - {"node"} | {"id"}
for each in {*COLUMNS, "node"}:
    setattr(Shown, each, column(each))
for each in MADE:
    setattr(Shown, each, made(each))
Shown.__record_view__ = RecordView("row", COLUMNS, MADE)  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - it is read by this name


class Text(str):
    __slots__ = ()


async def promised(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


class Filling:
    """Makes the same objects for the same seed; `trouble` is how often they are odd."""

    odd: ClassVar[tuple[Callable[[Any], Any], ...]] = (
        lambda _: None,
        lambda _: 7,
        lambda _: 2**40,
        lambda _: float("nan"),
        lambda _: "red",
        lambda _: "nothing",
        lambda _: Color.BLUE,
        lambda _: True,
        lambda _: Text("text"),
        lambda _: ValueError("odd"),
        lambda filling: filling.promise("late"),
        lambda _: ["a", None, 3],
        lambda _: MOMENT,
        lambda _: MOMENT.astimezone(timezone(timedelta(hours=2))),
        lambda _: MOMENT.replace(tzinfo=None),
        lambda _: Inner(id=strawberry.ID("i")),
        lambda _: Other(id=strawberry.ID("o"), at=MOMENT),
        lambda filling: strawberry.cast(Other, filling.plain()),
        lambda filling: strawberry.cast(Plain, filling.other()),
    )

    def __init__(self, seed: int, trouble: float) -> None:
        self.random = Random(seed)
        self.trouble = trouble
        self.promises: list[Coroutine[Any, Any, Any]] = []

    def promise(self, value: Any) -> Any:
        self.promises.append(promised(value))
        return self.promises[-1]

    def close(self) -> None:
        """Let go of promises that lost to an error."""
        for each in self.promises:
            each.close()

    def value(self, *usual: Any) -> Any:
        if self.random.random() < self.trouble:
            return self.random.choice(self.odd)(self)
        return self.random.choice(usual)

    def inner(self) -> Any:
        return Inner(
            id=self.value(strawberry.ID("i")),
            note=self.value("note", None),
            color=self.value(Color.RED, "blue"),
        )

    def other(self) -> Any:
        return Other(id=self.value(strawberry.ID("o")), at=self.value(MOMENT))

    def row(self) -> dict[str, Any]:
        later = MOMENT.replace(microsecond=self.random.choice([0, 1, 999_999]))
        row: dict[str, Any] = {
            "id": self.value("a", "b"),
            "text": self.value("t", "u"),
            "text_or": self.value("t", None),
            "number": self.value(1, -5),
            "number_or": self.value(1, None),
            "share": self.value(1.5, 0.0),
            "share_or": self.value(2.5, None),
            "flag": self.value(True, False),
            "color": self.value("red", Color.BLUE),
            "color_or": self.value("red", None),
            "at": self.value(MOMENT, later),
            "at_or": self.value(MOMENT, later, None),
            "tags": self.value(["a"], [], ["b", "c"]),
            "words": self.value(["a", None], []),
            "numbers": self.value([1], None),
            "other": self.value(self.other()),
            "other_or": self.value(self.other(), None),
            "node": self.value(self.other(), None),
            "inner_id": self.value("i"),
            "inner_or": self.value(self.inner(), None),
            "inner_note": self.value("note", None),
            "link_id": self.value("l", None),
        }
        if self.random.random() < self.trouble:
            del row[self.random.choice(list(row))]
        return row

    def shown(self) -> Any:
        shown = Shown.__new__(Shown)
        shown.row = self.row()  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] - its slot
        return shown

    def plain(self) -> Any:
        plain = Plain.__new__(Plain)
        vars(plain).update(self.row())
        plain.inner = self.value(self.inner())
        plain.link = self.value(self.inner(), None)
        return plain

    def items(self, make: Callable[[], Any], *others: Any) -> list[Any]:
        count = self.random.randint(0, 4)
        return [
            self.random.choice([*others, *self.odd])(self)
            if self.random.random() < self.trouble
            else make()
            for _ in range(count)
        ]


@strawberry.type
class Query:
    @strawberry.field
    def plain(self, info: strawberry.Info) -> list[Plain]:
        return info.context.items(info.context.plain)

    @strawberry.field
    async def shown(self, info: strawberry.Info) -> list[Shown | None] | None:
        filling = info.context
        return filling.items(filling.shown, lambda made: made.plain())

    @strawberry.field
    def nodes(self, info: strawberry.Info) -> list[Node | None]:
        filling = info.context
        others = (Filling.plain, Filling.other)
        return filling.items(filling.shown, *others)

    @strawberry.field
    def inners(self, info: strawberry.Info) -> list[Inner] | None:
        return info.context.items(info.context.inner)


SCHEMA: Final = strawberry.Schema(
    Query, types=[Plain, Shown, Other], config=StrawberryConfig(scalar_map=SCALARS)
)._schema

LEAVES: Final = (
    *("id", "text", "textOr", "number", "numberOr", "share", "shareOr", "flag"),
    *("color", "colorOr", "at", "atOr", "tags", "words"),
)
OBJECTS: Final = {
    "inner": ("id", "note", "color", "__typename"),
    "innerOr": ("id", "note", "__typename"),
    "link": ("id", "__typename", "same: id"),
    "other": ("id", "at", "called"),
    "otherOr": ("id", "at", "__typename"),
}


def random_query(seed: int) -> str:
    """Write an operation that selects some fields of every list."""
    random = Random(seed)

    def fields() -> str:
        chosen = random.sample(LEAVES, random.randint(0, len(LEAVES)))
        for name, inner in OBJECTS.items():
            if random.random() < 0.3:
                some = random.sample(inner, random.randint(1, len(inner)))
                chosen.append(f"{name} {{ {' '.join(some)} }}")
        if random.random() < 0.15:
            chosen.append(random.choice(["numbers", "node { id }"]))
        return " ".join(["__typename", "alias: text", *chosen])

    return (
        f"{{ plain {{ {fields()} }} shown {{ {fields()} }}"
        f" nodes {{ id __typename ... on Shown {{ {fields()} }} }}"
        " inners { id note color } }"
    )
