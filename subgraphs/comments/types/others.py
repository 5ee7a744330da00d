"""What stands around comments: people, tickets' permissions, older versions."""

from datetime import datetime
from typing import Self

import strawberry
from asyncpg import Record
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.ids import is_id


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A person."
)
class User:
    """Owned by users; here they are only named."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")


def user_of(key: str | None) -> User | None:
    """Name a person, if it is one."""
    return User(id=strawberry.ID(key)) if key and is_id(key, "usr") else None


@strawberry.type(description="What a comment said until it was changed.")
class CommentVersion:
    version: int = strawberry.field(description="The comment's version that said it.")
    body: str = strawberry.field(description="Markdown as written.")
    replaced_at: datetime = strawberry.field(description="When it was changed.")
    replaced_by: User | None = strawberry.field(
        description="Who changed it. Null if a service account did, or if the users "
        "service is unavailable."
    )

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Make one of a row of ``comment_versions``."""
        return cls(
            version=row["version"],
            body=row["body"],
            replaced_at=row["replaced_at"],
            replaced_by=user_of(row["replaced_by_id"]),
        )


@strawberry.type(description="What the viewer may do with a ticket.")
class TicketPermissions:
    """Owned by tickets; here it is what must be known before comments are shown."""

    can_comment: bool = strawberry.federation.field(
        external=True,
        description="Reply, for all who see it. Nobody may on one that is over.",
    )
    can_comment_internally: bool = strawberry.federation.field(
        external=True,
        description="Read and write notes that only those who work on it see.",
    )
