"""A small schema that shows everything an engine and an endpoint must bear."""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Any, cast

import pytest
import strawberry

from kit.database import Database
from kit.errors import ForbiddenError, InvalidInputError, RejectedError
from kit.graphql import Context, Schema
from kit.identity import ANONYMOUS, Identity
from kit.public_graph import CallerGraph
from kit.scalars import JSON


class Code(Enum):
    STALE = "STALE"


@strawberry.enum
class Colour(Enum):
    RED = "RED"


@strawberry.type
class Thing:
    name: str

    @strawberry.field
    def again(self) -> "Thing":
        return self


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    async def thing(self) -> Thing:
        await asyncio.sleep(0)
        return Thing(name="it")

    @strawberry.field
    def who(self, info: strawberry.Info[Context, None]) -> str:
        return info.context.identity.subject

    @strawberry.field
    def header(self, info: strawberry.Info[Context, None], name: str) -> str:
        info.context.response_headers.append((b"x-answer", b"yes"))
        return info.context.request_headers.get(name.encode(), b"").decode()

    @strawberry.field
    def double(self, number: int) -> int | None:
        return 2 * number

    @strawberry.field
    def colour(self) -> Colour | None:
        return cast("Colour", "a secret colour")

    @strawberry.field
    def huge(self) -> int | None:
        return 2**40

    @strawberry.field
    def echo(self, value: JSON) -> JSON | None:
        return value

    @strawberry.field
    def nothing(self) -> str:
        return cast("str", None)

    @strawberry.field
    def fail(self, how: str) -> str | None:
        raise {
            "input": InvalidInputError("Ask for less."),
            "forbidden": ForbiddenError("Not yours."),
            "rejected": RejectedError(Code.STALE, "It has changed."),
            "bug": KeyError("the password is hunter2"),
        }[how]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, name: str) -> str:
        return f"welcome {name}"

    @strawberry.mutation
    async def wait(self) -> str:
        await asyncio.sleep(30)
        return "done"


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema(query=Query, mutation=Mutation, public=["signIn"])


@pytest.fixture
def context() -> Callable[..., Context]:
    def make(identity: Identity = ANONYMOUS) -> Context:
        nowhere: Any = None
        return Context(
            identity, cast("Database", nowhere), cast("CallerGraph", nowhere)
        )

    return make
