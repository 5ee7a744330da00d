"""Where a caller says something, says it better, or takes it back."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry import UNSET

from kit.errors import UnavailableError
from kit.pagination import write_cursor
from kit.types import Edge
from kit.writes import Work, carry_out
from subgraphs.comments.context import Context, Info
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.models import IDEMPOTENCY, Source, Visibility
from subgraphs.comments.policy import Standing
from subgraphs.comments.repository.reads import AS_SAID
from subgraphs.comments.service import comments, texts
from subgraphs.comments.service.act import act_of
from subgraphs.comments.service.comments import Text
from subgraphs.comments.service.mentions import mentions_of
from subgraphs.comments.service.tickets import Ticket as Seen
from subgraphs.comments.types.comments import Comment, Ticket
from subgraphs.comments.types.inputs import (
    AddCommentInput,
    DeleteCommentInput,
    UpdateCommentInput,
)
from subgraphs.comments.types.payloads import (
    AddCommentPayload,
    CommentUserError,
    DeleteCommentPayload,
    UpdateCommentPayload,
)

SEES: Final = [["tickets:read"]]
"""What else is needed, tickets says of each ticket: rights may hold in one place."""


@strawberry.type(description="What can be changed.")
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=SEES,
        description="Say something about a ticket. Requires "
        "`viewerPermissions.canComment`; for an internal note, "
        "`canCommentInternally`.",
    )
    async def add_comment(
        self,
        info: Info,
        input: Annotated[
            AddCommentInput, strawberry.argument(description="What, for whom.")
        ],
    ) -> AddCommentPayload:
        context = info.context

        async def prepare() -> Work[str]:
            act = act_of(
                context.identity,
                occurred_at=input.occurred_at,
                actor_id=input.actor_id,
                source=Source[input.source.name] if input.source else None,
            )
            visibility = Visibility[input.visibility.name]
            ticket = await context.tickets.ticket(input.ticket_id)
            if ticket is None:
                message = "There is no such ticket."
                raise texts.refuse(Code.NOT_FOUND, message, "ticketId")
            asked = input.mention_ids or []
            text = await text_of(context, input.body, asked, ticket, visibility)

            async def work(session: AsyncSession) -> str:
                comment = await comments.add_comment(
                    session,
                    act,
                    ticket,
                    text,
                    visibility=visibility,
                    in_reply_to_id=input.in_reply_to_id,
                )
                return comment.id

            return work

        done = await carry_out(context, IDEMPOTENCY, "addComment", input, prepare)
        found = await Comment.by_id(context, done.written)
        edge = None
        if found is not None:
            place = {"created_at": found.created_at, "id": found.id}
            edge = Edge(node=found, cursor=write_cursor(AS_SAID, place))
        return AddCommentPayload(
            comment_edge=edge,
            ticket=found and Ticket(id=found.ticket_id),
            user_errors=done.errors(CommentUserError.of),
            repeated=done.repeated,
        )

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=SEES,
        description="Change what a comment says; who reads it stays as it is. For its "
        "author, within 15 minutes.",
    )
    async def update_comment(
        self,
        info: Info,
        input: Annotated[
            UpdateCommentInput, strawberry.argument(description="Which, and how.")
        ],
    ) -> UpdateCommentPayload:
        context = info.context

        async def prepare() -> Work[str]:
            asked = None if input.mention_ids is UNSET else input.mention_ids or []
            found, ticket = await written_on(context, input.id)
            text = await text_of(
                context, input.body, asked, ticket, Visibility[found.visibility.name]
            )

            async def work(session: AsyncSession) -> str:
                comment = await comments.update_comment(
                    session,
                    context.identity,
                    ticket.standing,
                    text,
                    comment_id=input.id,
                    expected_version=input.expected_version,
                )
                return comment.id

            return work

        done = await carry_out(context, IDEMPOTENCY, "updateComment", input, prepare)
        return UpdateCommentPayload(
            comment=await Comment.by_id(context, done.shown),
            user_errors=done.errors(CommentUserError.of),
            repeated=done.repeated,
        )

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=SEES,
        description="Delete what a comment says; that there was one stays. For its "
        "author, within 15 minutes; for others' and later, tickets:manage.",
    )
    async def delete_comment(
        self,
        info: Info,
        input: Annotated[
            DeleteCommentInput, strawberry.argument(description="Which, and why.")
        ],
    ) -> DeleteCommentPayload:
        context = info.context

        async def prepare() -> Work[str]:
            reason = texts.reason_of(input.reason)
            found = await read(context, input.id)
            standing: Standing | None = found and found.standing

            async def work(session: AsyncSession) -> str:
                comment = await comments.delete_comment(
                    session,
                    context.identity,
                    standing,
                    comment_id=input.id,
                    expected_version=input.expected_version,
                    reason=reason,
                )
                return comment.id

            return work

        done = await carry_out(context, IDEMPOTENCY, "deleteComment", input, prepare)
        found = await Comment.by_id(context, done.shown)
        gone = found if done.written else None
        return DeleteCommentPayload(
            deleted_id=gone and gone.id,
            comment=found,
            ticket=gone and Ticket(id=gone.ticket_id),
            user_errors=done.errors(CommentUserError.of),
            repeated=done.repeated,
        )


async def text_of(
    context: Context,
    body: str,
    mention_ids: Sequence[str] | None,
    ticket: Seen,
    visibility: Visibility,
) -> Text:
    """Check what is said and whom it names, and make HTML of it.

    In a thread: a text made to be slow takes a quarter of a second.

    Raises:
        RejectedError: what `texts.body_of` and `mentions_of` say.

    """
    said = texts.body_of(body)
    mentions = None
    if mention_ids is not None:
        mentions = await mentions_of(context.graph, mention_ids, ticket, visibility)
    html = await asyncio.to_thread(texts.html_of, said)
    return Text(said, html, mentions)


async def read(context: Context, comment_id: str) -> Comment | None:
    """Find a comment that the caller reads, before it is changed.

    Raises:
        RejectedError: UNAVAILABLE, tickets cannot be asked.

    """
    try:
        return await Comment.by_id(context, comment_id)
    except UnavailableError as error:
        raise texts.refuse(Code.UNAVAILABLE, str(error)) from error


async def written_on(context: Context, comment_id: str) -> tuple[Comment, Seen]:
    """Find a comment that the caller reads, and its ticket.

    Raises:
        RejectedError: NOT_FOUND, or UNAVAILABLE where tickets cannot be asked.

    """
    found = await read(context, comment_id)
    ticket = found and await context.tickets.ticket(found.ticket_id)
    if found is None or ticket is None:
        raise texts.refuse(Code.NOT_FOUND, "There is no such comment.", "id")
    return found, ticket
