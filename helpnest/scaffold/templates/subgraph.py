"""The parts of a new subgraph itself."""

from typing import Final

FILES: Final = {
    "subgraphs/$domain/__init__.py": '''\
"""What $domain are, and who may know of them."""
''',
    "subgraphs/$domain/errors.py": '''\
"""What the rules about $domain may say no with."""

from enum import Enum


class ${Type}ErrorCode(Enum):
    """Each is documented in ``docs/errors.md``."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
''',
    "subgraphs/$domain/models.py": '''"""What is kept about $domain."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kit.database import IdText, naming_metadata
from kit.idempotency import idempotency_table


class Row(DeclarativeBase):
    """The base of this domain's tables."""

    metadata = naming_metadata()


IDEMPOTENCY = idempotency_table(Row.metadata)


class ${Type}Row(Row):
    """What is known of one."""

    __tablename__ = "$domain"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 200", "name_length"),
        Index(None, "name", "id"),
    )

    id: Mapped[str] = mapped_column(IdText, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
''',
    "subgraphs/$domain/repository.py": '''\
"""Every statement sent to the $domain database."""

from typing import Final

from sqlalchemy import ARRAY, any_, bindparam, select

from kit.database import IdText, Query
from subgraphs.$domain.models import ${Type}Row

COLUMNS: Final = ${Type}Row.__table__.c
IDS: Final = bindparam("ids", type_=ARRAY(IdText))

BY_ID: Final = Query(select(*COLUMNS).where(COLUMNS.id == any_(IDS)))
''',
    "subgraphs/$domain/policy.py": '''"""Who may know what about $domain."""

from typing import Final

from kit.identity import Identity

READ: Final = "$domain:read"


def can_read(caller: Identity) -> bool:
    """Say whether the caller may see $domain; no, by default."""
    return caller.authenticated and caller.may(READ)
''',
    "subgraphs/$domain/service.py": '''"""The verbs of $domain; there is none yet."""
''',
    "subgraphs/$domain/mutations.py": '''\
"""Where a caller changes $domain: nowhere yet."""
''',
    "subgraphs/$domain/loaders.py": '''\
"""How reads about $domain are batched, for one request."""

from functools import cached_property

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database
from kit.loaders import one_each
from subgraphs.$domain import repository


class Loaders:
    """One loader for each question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def ${one}_by_id(self) -> DataLoader[str, Record | None]:
        """Load one by id."""

        async def fetch(ids: list[str]) -> list[Record]:
            return await self._database.rows(repository.BY_ID, ids=ids)

        return one_each(fetch, "id")
''',
    "subgraphs/$domain/context.py": '''"""What a request about $domain carries."""

from dataclasses import dataclass
from functools import cached_property

import strawberry

from kit.graphql import Context as KitContext
from subgraphs.$domain.loaders import Loaders


@dataclass
class Context(KitContext):
    """Who asks, the database, and this request's loaders."""

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database)


Info = strawberry.Info[Context, None]
''',
    "subgraphs/$domain/types.py": '''"""What the graph sees of $domain."""

from typing import Self

import strawberry
from asyncpg import Record

from kit.ids import is_id
from kit.types import Node
from subgraphs.$domain.context import Info
from subgraphs.$domain.policy import can_read


@strawberry.federation.type(
    keys=["id"],
    description="What $domain are. Requires: $domain:read.",
)
class $Type(Node):
    name: str = strawberry.field(description="Its name, 1 to 200 characters.")

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row that has the table's columns."""
        return cls(id=row["id"], name=row["name"])

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find one that another subgraph names, if the caller may see it."""
        if not isinstance(id, str) or not is_id(id, "$prefix"):
            return None
        if not can_read(info.context.identity):
            return None
        row = await info.context.loaders.${one}_by_id.load(id)
        return cls.from_row(row) if row else None
''',
    "subgraphs/$domain/queries.py": '''\
"""Where a caller starts to read about $domain."""

from typing import Annotated

import strawberry

from subgraphs.$domain.context import Info
from subgraphs.$domain.types import $Type


@strawberry.type(description="What can be read.")
class Query:
    @strawberry.federation.field(
        authenticated=True,
        description="One by id. Null when there is none, or the caller may not see "
        "it. Requires: $domain:read.",
    )
    async def $one(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Which.")],
    ) -> $Type | None:
        return await $Type.resolve_reference(info, id)
''',
    "subgraphs/$domain/schema.py": '''"""The $domain subgraph, whole."""

from kit.graphql import Schema
from subgraphs.$domain.queries import Query

schema = Schema(query=Query)
''',
    "subgraphs/$domain/app.py": '''"""Run the $domain subgraph."""

from kit.app import Service, Surroundings, create_service
from kit.settings import ServiceSettings
from subgraphs.$domain.context import Context
from subgraphs.$domain.schema import schema


def create_app(
    settings: ServiceSettings, *, surroundings: Surroundings | None = None
) -> Service:
    """Put the service together; nothing is opened before its lifespan starts."""
    return create_service(schema, settings, Context, surroundings=surroundings)
''',
}
