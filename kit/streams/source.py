"""A subscription document → its events, each executed like a request of its own.

graphql-core finds the source of events; each event is executed by the function that
queries are executed by, with a context of its own, so that no loader remembers what
was true for the event before.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
)
from graphql.execution import Executor, create_source_event_stream

Made = AsyncGenerator[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where one operation's events come from."""

    schema: GraphQLSchema
    document: DocumentNode
    name: str | None

    async def subscribe(
        self, context: object, variables: dict[str, Any]
    ) -> AsyncIterator[Any] | list[GraphQLError]:
        """Ask the subscription's root field for its events, or say why there are none.

        The generator that the field returned is not begun before its first event is
        asked for.
        """
        built: Any = Executor.build(
            self.schema, self.document, None, context, variables, self.name
        )
        if isinstance(built, list):
            return built
        found: Any = create_source_event_stream(built)
        if isawaitable(found):
            found = await found
        if isinstance(found, ExecutionResult):
            return found.errors or []
        return found
