"""The schema factory, and how a schema answers.

Every subgraph's schema is made here, so that all speak one version of Federation,
know the same scalars, and tell a client the same things about an error.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final, cast

import structlog
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
)
from strawberry import Info
from strawberry.federation import Schema as FederationSchema
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig

from kit.database import Database
from kit.entities import Entities
from kit.errors import HelpNestError, RejectedError
from kit.identity import Identity
from kit.logs import request_id
from kit.proof import HEADER
from kit.public_graph import CallerGraph
from kit.scalars import SCALARS

log = structlog.get_logger(__name__)

FEDERATION: Final = "2.9"
"""The newest version that Strawberry and the composer both know."""

OURS: Final = "Something went wrong on our side; it has been noted."


@dataclass(slots=True)
class Context:
    """What every resolver of a request may reach; each domain adds its loaders.

    ``request_headers`` are the request's, names in lower case; what a resolver puts
    into ``response_headers`` is sent with the answer. The endpoint fills and reads
    them.
    """

    readers: ClassVar[tuple[str, ...]] = ("loaders",)
    """The attributes that read for one request, and remember what they read."""

    identity: Identity
    database: Database
    graph: CallerGraph
    request_headers: Mapping[bytes, bytes] = field(
        default_factory=dict[bytes, bytes], kw_only=True
    )
    response_headers: list[tuple[bytes, bytes]] = field(
        default_factory=list[tuple[bytes, bytes]], kw_only=True
    )

    @property
    def from_router(self) -> bool:
        """Say whether the request is proven to come from the router.

        Only then is what a representation brings along (``@requires``) another
        subgraph's word: anybody else may write anything there. The endpoint takes the
        header away where nobody checks it.
        """
        return HEADER in self.request_headers

    async def prepare(self) -> None:
        """Learn what the request's rights rest on, before it is executed.

        Called once before each request, and again before each event that a
        subscription delivers. It never fails: who cannot be asked about has fewer
        rights.
        """

    def release(self) -> None:
        """Let go of what was read: the request is answered, and nobody asks again.

        Loaders and whom they batch for know one another: without this they, and every
        row they read, would wait for Python's collector.
        """
        own: dict[str, object] = getattr(self, "__dict__", {})
        for name in self.readers:
            if name in own:
                vars(own[name]).clear()

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it.

        Called after each mutation of a request; a domain whose loaders remember what
        they read lets go of them here.
        """


class Schema(FederationSchema):
    """A subgraph's schema.

    ``public`` names the root fields that somebody who is not signed in may ask for;
    all others are refused before anything runs.
    """

    def __init__(
        self,
        *,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        types: Iterable[type] = (),
        public: Iterable[str] = (),
    ) -> None:
        super().__init__(
            query=query,
            mutation=mutation,
            subscription=subscription,
            types=types,
            federation_version=FEDERATION,
            config=StrawberryConfig(scalar_map=SCALARS),
        )
        self.public = frozenset(public)

    @property
    def core(self) -> GraphQLSchema:
        """The graphql-core schema, which execution works on."""
        return self._schema

    @cached_property
    def entities(self) -> Entities:
        """What ``_entities`` finds, and how."""
        known: Any = self.schema_converter.type_map
        origins = {
            name: origin
            for name, each in known.items()
            if isinstance(origin := getattr(each.definition, "origin", None), type)
        }
        return Entities(self.core, origins)

    def entities_resolver(
        self, info: Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Resolve ``_entities``: Strawberry's own takes whatever is sent."""
        found = self.entities.find_each(representations, info)
        return cast("list[FederationAny]", found)


class NoIntrospection(NoSchemaIntrospectionCustomRule):
    """Refuse to tell the schema, in GraphQL's way or in Federation's."""

    def enter_field(self, node: FieldNode, *args: Any) -> None:
        """Refuse ``__schema``, ``__type`` and ``_service``."""
        super().enter_field(node, *args)
        if node.name.value == "_service":
            self.report_error(GraphQLError("Introspection is switched off.", node))


def describe_error(error: GraphQLError) -> dict[str, Any]:
    """Write an error for the client.

    What a client caused is told as it is, with its code; everything else is logged
    whole and told as ``INTERNAL`` with the request's id to ask about.
    """
    cause = error.original_error
    described: dict[str, Any] = dict(error.formatted)
    if isinstance(cause, RejectedError):
        described["extensions"] = {"code": str(cause.code.value)}
    elif by_client(error):
        told = error.extensions or getattr(cause, "extensions", None) or {}
        described["extensions"] = {"code": "BAD_USER_INPUT", **told}
    else:
        log.error("graphql.internal_error", path=error.path, exc_info=cause)
        described["message"] = OURS
        described["extensions"] = {"code": "INTERNAL", "requestId": request_id.get()}
    return described


def by_client(error: GraphQLError) -> bool:
    """Say whether the client caused an error, which is then told as it is.

    Without a path, the document or a variable is at fault; with one, an argument is
    if graphql-core names its place in the document. A GraphQL error with neither
    place nor code is a value of ours that its type could not write.
    """
    cause = error.original_error
    if isinstance(cause, GraphQLError):
        return error.path is None or bool(cause.nodes or cause.extensions)
    return cause is None or isinstance(cause, HelpNestError)
