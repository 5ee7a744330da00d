"""What a caller sends to write, change and delete comments."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.comments.types.enums import CommentSource, CommentVisibility


def _key() -> Any:
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def _version() -> Any:
    return strawberry.field(default=None, description=VERSION_DESCRIPTION)


@strawberry.input(description="Something to say about a ticket.")
class AddCommentInput:
    ticket_id: strawberry.ID = strawberry.field(description="About which ticket.")
    body: str = strawberry.field(
        description="Markdown, 1 to 20,000 characters; HTML in it stays text."
    )
    visibility: CommentVisibility = strawberry.field(
        description="Who is to read it; this cannot be changed later."
    )
    in_reply_to_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The comment of the same ticket that it answers; null: none. A "
        "public reply does not answer an internal note.",
    )
    mention_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Whom it names, 20 people at most, each of whom would read it.",
    )
    source: CommentSource | None = strawberry.field(
        default=None,
        description="What it came through; for service accounts and imports. Null: WEB "
        "for a person, API for a service account.",
    )
    occurred_at: datetime | None = strawberry.field(
        default=None,
        description="When it was said, for imports. Null: now. Requires "
        "tickets:import.",
    )
    actor_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Id of the user who said it, for imports. Null: the caller. "
        "Requires tickets:import.",
    )
    idempotency_key: str | None = _key()


@strawberry.input(
    description="What a comment is to say instead. Absent is unchanged, null clears."
)
class UpdateCommentInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    body: str = strawberry.field(description="Markdown, 1 to 20,000 characters.")
    mention_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET,
        description="Whom it names, 20 people at most, each of whom reads it.",
    )
    expected_version: int | None = _version()
    idempotency_key: str | None = _key()


@strawberry.input(description="A comment to take back.")
class DeleteCommentInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = strawberry.field(
        default=None,
        description="Why, 500 characters at most; who reads the comment reads this.",
    )
    expected_version: int | None = _version()
    idempotency_key: str | None = _key()
