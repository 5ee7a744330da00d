"""A small schema with subscriptions, and an endpoint that serves it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
import strawberry
from aiodataloader import DataLoader

from kit.database import Database
from kit.endpoint import GraphQLEndpoint
from kit.engine import engine_for
from kit.errors import ForbiddenError
from kit.graphql import Context, Schema
from kit.public_graph import PublicGraph
from tests.support.execution import EXECUTION
from tests.support.tokens import verifier


class World:
    """What happens, and who is still listening."""

    def __init__(self) -> None:
        self.listeners: list[asyncio.Queue[int]] = []
        self.left = 0
        self.reads: list[list[int]] = []

    def happen(self, number: int) -> None:
        for listener in self.listeners:
            listener.put_nowait(number)

    async def listening(self) -> AsyncGenerator[int]:
        queue = asyncio.Queue[int]()
        self.listeners.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self.listeners.remove(queue)
            self.left += 1


world = World()


class Loading(Context):
    """A context with a loader that remembers, as those of domains do."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)

        async def read(keys: list[int]) -> list[str]:
            world.reads.append(keys)
            return [f"{len(world.reads)}: {key}" for key in keys]

        self.names: DataLoader[int, str] = DataLoader(read)


Info = strawberry.Info[Loading, None]


@strawberry.type
class Tick:
    number: int

    @strawberry.field
    async def name(self, info: Info) -> str:
        return await info.context.names.load(1)

    @strawberry.field
    def who(self, info: Info) -> str:
        return info.context.identity.subject

    @strawberry.field
    def even(self) -> int | None:
        if self.number % 2:
            raise KeyError("the password is hunter2")
        return self.number


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "world"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[Tick]:
        for number in range(1, to + 1):
            yield Tick(number=number)

    @strawberry.subscription
    async def happens(self) -> AsyncGenerator[Tick]:
        async for number in world.listening():
            yield Tick(number=number)

    @strawberry.subscription
    async def breaks(self, how: str) -> AsyncGenerator[Tick]:
        yield Tick(number=0)
        if how == "forbidden":
            raise ForbiddenError("Not yours.")
        raise KeyError("the password is hunter2")

    @strawberry.subscription
    async def open_to_all(self) -> AsyncGenerator[int]:
        yield 1


@pytest.fixture(scope="session")
def streaming_schema() -> Schema:
    return Schema(query=Query, subscription=Subscription, public=["openToAll"])


@pytest.fixture
def happenings() -> World:
    world.__init__()
    return world


@pytest.fixture
def serving(streaming_schema: Schema, happenings: World) -> GraphQLEndpoint:
    del happenings
    nowhere: Any = None
    return GraphQLEndpoint(
        engine=engine_for(streaming_schema, EXECUTION),
        database=cast("Database", nowhere),
        verifier=verifier(),
        graph=PublicGraph(nowhere, "http://nowhere"),
        make_context=Loading,
    )
