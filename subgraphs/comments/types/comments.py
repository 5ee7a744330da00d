"""Comments as the graph sees them, and what tickets gain by them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Self, cast

import strawberry
from asyncpg import Record

from kit.errors import InvalidInputError
from kit.ids import is_id
from kit.pagination import page_of
from kit.types import (
    BOTH_WAYS,
    After,
    Before,
    Connection,
    First,
    Last,
    Node,
    fill,
)
from subgraphs.comments import policy
from subgraphs.comments.context import Context, Info
from subgraphs.comments.models import Visibility
from subgraphs.comments.policy import Standing
from subgraphs.comments.repository.reads import AS_SAID
from subgraphs.comments.service.tickets import standing_of
from subgraphs.comments.types.enums import CommentSource, CommentVisibility
from subgraphs.comments.types.others import (
    CommentVersion,
    TicketPermissions,
    User,
    user_of,
)

BROUGHT = ["viewerPermissions { canComment canCommentInternally }"]
"""What the router asks of tickets before it asks for a ticket's comments."""


@strawberry.federation.type(
    keys=["id"],
    description="Something said about a ticket. PUBLIC ones are read by everybody who "
    "sees the ticket, INTERNAL ones by those who work on it; null for anybody else.",
)
class Comment(Node):
    visibility: CommentVisibility = strawberry.field(
        description="Who reads it; stored when it is written, and never changed."
    )
    source: CommentSource = strawberry.field(description="What it came through.")
    body: str = strawberry.field(
        description="Markdown as written; empty when it was deleted."
    )
    body_html: str = strawberry.field(
        description="The same as sanitised HTML, without images and scripts."
    )
    version: int = strawberry.field(
        description="Grows by one with each change; pass it as `expectedVersion`."
    )
    created_at: datetime = strawberry.field(description="When it was said.")
    edited_at: datetime | None = strawberry.field(
        description="When it was last changed; null if it never was."
    )
    deleted_at: datetime | None = strawberry.field(
        description="When it was deleted; null if it was not. Its place stays."
    )
    deletion_reason: str | None = strawberry.field(
        description="Why it was deleted; null if it was not, or nobody said."
    )
    author: User | None = strawberry.field(
        description="Who said it. Null if a service account did, or if the users "
        "service is unavailable."
    )
    deleted_by: User | None = strawberry.field(
        description="Who deleted it. Null if nobody or a service account did, or if "
        "the users service is unavailable."
    )
    mentions: list[User] = strawberry.field(
        description="Whom it names. A mention shows nobody what they do not see anyway."
    )
    ticket: "Ticket | None" = strawberry.field(
        description="What it is about. Null only if tickets is unavailable."
    )
    author_id: strawberry.Private[str]
    ticket_id: strawberry.Private[strawberry.ID]
    written_at: strawberry.Private[datetime]
    in_reply_to_id: strawberry.Private[str | None]
    standing: strawberry.Private[Standing]

    @classmethod
    def from_row(cls, row: Record, standing: Standing) -> Self:
        """Make one of a row of ``comments``, for who stands so to its ticket."""
        return cls(
            id=row["id"],
            visibility=CommentVisibility[row["visibility"]],
            source=CommentSource[row["source"]],
            body=row["body"],
            body_html=row["body_html"],
            version=row["version"],
            created_at=row["created_at"],
            edited_at=row["edited_at"],
            deleted_at=row["deleted_at"],
            deletion_reason=row["deletion_reason"],
            author=user_of(row["author_id"]),
            deleted_by=user_of(row["deleted_by_id"]),
            mentions=[User(id=each) for each in row["mention_ids"]],
            ticket=Ticket(id=row["ticket_id"]),
            author_id=row["author_id"],
            ticket_id=row["ticket_id"],
            written_at=row["written_at"],
            in_reply_to_id=row["in_reply_to_id"],
            standing=standing,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: object) -> Self | None:
        """Find a comment that another subgraph names, if the caller reads it."""
        return await cls.by_id(info.context, id)

    @classmethod
    async def by_id(cls, context: Context, id: object) -> Self | None:
        """Find a comment, if the caller reads it.

        Raises:
            UnavailableError: tickets cannot be asked who reads it.

        """
        if not isinstance(id, str) or not is_id(id, "cmt"):
            return None
        row = await context.loaders.comment_by_id.load(id)
        if row is None:
            return None
        standing = await context.tickets.standing(row["ticket_id"])
        if standing is None or Visibility[row["visibility"]] not in policy.readable(
            standing
        ):
            return None
        return cls.from_row(row, standing)

    @strawberry.field(
        description="The comment of the same ticket that it answers; null if it "
        "answers none, or one that the viewer does not read."
    )
    async def in_reply_to(self, info: Info) -> "Comment | None":
        if self.in_reply_to_id is None:
            return None
        row = await info.context.loaders.comment_by_id.load(self.in_reply_to_id)
        if row is None or Visibility[row["visibility"]] not in policy.readable(
            self.standing
        ):
            return None
        return Comment.from_row(row, self.standing)

    @strawberry.field(
        description="What it said before, the oldest first; empty when it was deleted. "
        "For its author and those who work on the ticket; empty otherwise."
    )
    async def versions(self, info: Info) -> list[CommentVersion]:
        mine = policy.is_author(info.context.identity, cast("policy.Said", self))
        if self.deleted_at is not None or not (mine or self.standing.works):
            return []
        rows = await info.context.loaders.versions_by_comment.load(self.id)
        return [CommentVersion.from_row(row) for row in rows]

    @strawberry.field(
        description="The viewer may change it now: as its author, within 15 minutes."
    )
    def viewer_can_edit(self, info: Info) -> bool:
        mine, now = cast("policy.Said", self), datetime.now(UTC)
        return policy.can_edit(info.context.identity, mine, now)

    @strawberry.field(
        description="The viewer may delete it now: as its author, within 15 minutes, "
        "or with tickets:manage."
    )
    def viewer_can_delete(self, info: Info) -> bool:
        mine, now = cast("policy.Said", self), datetime.now(UTC)
        return policy.can_delete(info.context.identity, mine, now)


@strawberry.federation.type(keys=["id"], description="A piece of work.")
class Ticket:
    """Owned by tickets; here it gains what was said about it."""

    id: strawberry.ID = strawberry.field(description="Opaque global id.")
    brought: strawberry.Private[Standing | None] = None

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Take the key at its word: tickets says whether the caller may see it."""
        return cls(id=id)

    @classmethod
    async def resolve_references(
        cls, info: Info, representations: Sequence[Mapping[str, Any]]
    ) -> list[Self]:
        """Take keys at their word, and what is brought along from the router alone."""
        proven = info.context.from_router
        return [
            cls(id=each["id"], brought=standing_of(each) if proven else None)
            for each in representations
        ]

    @strawberry.federation.field(
        external=True, description="What the viewer may do with it."
    )
    def viewer_permissions(self) -> TicketPermissions:
        raise InvalidInputError("Tickets answers this; here it is only needed.")

    async def standing(self, context: Context) -> Standing | None:
        """Say how the viewer stands to it: as it was brought, or as tickets says.

        Raises:
            UnavailableError: tickets cannot be asked.

        """
        return self.brought or await context.tickets.standing(self.id)

    @strawberry.federation.field(
        requires=BROUGHT,
        description="What was said about it, the oldest first: public replies, and "
        "internal notes for those who work on it. Null only if tickets is unavailable.",
        directives=[BOTH_WAYS],
    )
    async def comments(
        self,
        info: Info,
        *,
        visibility: Annotated[
            CommentVisibility | None,
            strawberry.argument(
                description="Only those of this visibility; null: all that one reads."
            ),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Comment] | None:
        page = page_of(AS_SAID, first=first, after=after, last=last, before=before)
        standing = await self.standing(info.context)
        shown = narrowed(policy.readable(standing), visibility)
        rows: list[Record] = []
        if standing is not None and shown:
            loader = info.context.loaders.comments_by_ticket(page, shown)
            rows = await loader.load(self.id)

        async def count() -> int:
            if not shown:
                return 0
            row = await info.context.loaders.count_by_ticket(shown).load(self.id)
            return row["count"] if row else 0

        make = partial(Comment.from_row, standing=cast("Standing", standing))
        return fill(Connection[Comment], page, rows, make, count)

    @strawberry.federation.field(
        requires=BROUGHT,
        description="The newest public comment, deleted ones aside; null if there is "
        "none.",
    )
    async def last_public_comment(self, info: Info) -> Comment | None:
        standing = await self.standing(info.context)
        if standing is None:
            return None
        row = await info.context.loaders.last_public_by_ticket.load(self.id)
        return Comment.from_row(row, standing) if row else None


def narrowed(
    readable: Iterable[Visibility], wanted: CommentVisibility | None
) -> tuple[Visibility, ...]:
    """Say which of what the viewer reads are asked for."""
    return tuple(
        each for each in readable if wanted is None or each.name == wanted.name
    )
