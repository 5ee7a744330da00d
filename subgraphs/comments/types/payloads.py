"""What a caller is told of a change."""

from enum import Enum
from typing import Any

import strawberry

from kit.types import Edge, UserError
from subgraphs.comments.types.comments import Comment, Ticket


@strawberry.enum(description="What a rule about comments can object to.")
class CommentErrorCode(Enum):
    REQUIRED = strawberry.enum_value("REQUIRED", description="A comment says nothing.")
    INVALID = strawberry.enum_value(
        "INVALID", description="A value that this field cannot take."
    )
    TOO_LONG = strawberry.enum_value(
        "TOO_LONG", description="A text or a list longer than what fits."
    )
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="An id that names nothing you may see."
    )
    FORBIDDEN = strawberry.enum_value(
        "FORBIDDEN", description="You may see it, and may not do this to it."
    )
    STALE = strawberry.enum_value(
        "STALE", description="It changed since the version you expected."
    )
    TICKET_CLOSED = strawberry.enum_value(
        "TICKET_CLOSED", description="The ticket is over: nobody replies on it."
    )
    MENTION_NOT_PERMITTED = strawberry.enum_value(
        "MENTION_NOT_PERMITTED", description="Somebody named would not read it."
    )
    EDIT_WINDOW_PASSED = strawberry.enum_value(
        "EDIT_WINDOW_PASSED", description="It is too old for its author to change."
    )
    UNAVAILABLE = strawberry.enum_value(
        "UNAVAILABLE",
        description="Another service, which must be asked first, does not answer.",
    )


@strawberry.type(description="Why a change to comments was not made.")
class CommentUserError(UserError):
    code: CommentErrorCode = strawberry.field(description="What kind of objection.")


def _errors() -> Any:
    return strawberry.field(description="Why nothing was written; empty when it was.")


def _repeated() -> Any:
    return strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )


def _ticket() -> Any:
    return strawberry.field(
        default=None, description="The ticket it is about; null after an error."
    )


def _comment() -> Any:
    return strawberry.field(
        default=None, description="As it is now; null after an error other than STALE."
    )


@strawberry.type(description="What became of saying something.")
class AddCommentPayload:
    user_errors: list[CommentUserError] = _errors()
    comment_edge: Edge[Comment] | None = strawberry.field(
        default=None,
        description="What was said, and its place on the ticket; null after an error.",
    )
    ticket: Ticket | None = _ticket()
    repeated: bool = _repeated()


@strawberry.type(description="What became of changing a comment.")
class UpdateCommentPayload:
    user_errors: list[CommentUserError] = _errors()
    comment: Comment | None = _comment()
    repeated: bool = _repeated()


@strawberry.type(description="What became of taking a comment back.")
class DeleteCommentPayload:
    user_errors: list[CommentUserError] = _errors()
    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which was deleted; null after an error."
    )
    comment: Comment | None = _comment()
    ticket: Ticket | None = _ticket()
    repeated: bool = _repeated()
