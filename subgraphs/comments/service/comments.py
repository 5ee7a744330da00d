"""Writing a comment, changing it while it is fresh, and taking it back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.identity import Identity
from kit.ids import new_id
from kit.writes import check_version
from subgraphs.comments import events, policy
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.models import CommentRow, Visibility
from subgraphs.comments.policy import Standing
from subgraphs.comments.repository import writes
from subgraphs.comments.service.act import Act
from subgraphs.comments.service.texts import refuse
from subgraphs.comments.service.tickets import Ticket

FRESH_MINUTES = int(policy.EDIT_WINDOW.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Text:
    """What a comment says: Markdown, the HTML made of it, and whom it names.

    ``mention_ids`` is None where a change leaves them as they are.
    """

    body: str
    html: str
    mention_ids: list[str] | None


async def add_comment(
    session: AsyncSession,
    act: Act,
    ticket: Ticket,
    text: Text,
    *,
    visibility: Visibility,
    in_reply_to_id: str | None,
) -> CommentRow:
    """Write a comment on a ticket that the caller sees.

    Raises:
        RejectedError: TICKET_CLOSED, FORBIDDEN, NOT_FOUND or INVALID for what it
            answers.

    """
    require_addable(ticket, visibility)
    await check_reply(session, ticket, visibility, in_reply_to_id)
    values = {
        "id": new_id("cmt"),
        "ticket_id": ticket.id,
        "author_id": act.author_id,
        "visibility": visibility,
        "source": act.source,
        "body": text.body,
        "body_html": text.html,
        "mention_ids": text.mention_ids or [],
        "in_reply_to_id": in_reply_to_id,
        "version": 1,
        "created_at": act.at,
    }
    comment = await writes.add_comment(session, values)
    await events.comment_added(
        session,
        act.caller,
        comment,
        by_requester=act.author_id == ticket.requester_id,
        from_desk=ticket.standing.works or act.is_retold,
    )
    return comment


def require_addable(ticket: Ticket, visibility: Visibility) -> None:
    """Refuse a comment that the caller may not write on the ticket.

    Raises:
        RejectedError: TICKET_CLOSED or FORBIDDEN.

    """
    if policy.can_add(ticket.standing, visibility):
        return
    if ticket.is_over and visibility is Visibility.PUBLIC:
        raise refuse(Code.TICKET_CLOSED, "The ticket is over: nobody replies on it.")
    if visibility is Visibility.INTERNAL:
        message = "Only those who work on the ticket write internal notes."
        raise refuse(Code.FORBIDDEN, message, "visibility")
    raise refuse(Code.FORBIDDEN, "You may not comment on the ticket.")


async def check_reply(
    session: AsyncSession,
    ticket: Ticket,
    visibility: Visibility,
    answered_id: str | None,
) -> None:
    """See that what a comment answers stands on the ticket, for the same readers.

    Raises:
        RejectedError: NOT_FOUND, or INVALID for a public reply to an internal note.

    """
    if answered_id is None:
        return
    answered = await writes.comment_by_id(session, answered_id)
    if (
        answered is None
        or answered.ticket_id != ticket.id
        or not policy.can_see(ticket.standing, answered)
    ):
        message = "There is no such comment on the ticket."
        raise refuse(Code.NOT_FOUND, message, "inReplyToId")
    if visibility is Visibility.PUBLIC and answered.visibility is Visibility.INTERNAL:
        message = "A public reply does not answer an internal note."
        raise refuse(Code.INVALID, message, "inReplyToId")


async def update_comment(
    session: AsyncSession,
    caller: Identity,
    standing: Standing | None,
    text: Text,
    *,
    comment_id: str,
    expected_version: int | None,
) -> CommentRow:
    """Change what a comment says; who reads it stays as it is.

    What it said before is kept. A change that changes nothing is none.

    Raises:
        RejectedError: NOT_FOUND, FORBIDDEN, EDIT_WINDOW_PASSED or STALE.

    """
    comment = await take(session, standing, comment_id)
    now = datetime.now(UTC)
    if not policy.can_edit(caller, comment, now):
        raise too_late(caller, comment, "change")
    check_version(comment, expected_version, Code.STALE, "This comment")
    mentions = comment.mention_ids if text.mention_ids is None else text.mention_ids
    if (text.body, mentions) != (comment.body, comment.mention_ids):
        writes.keep_version(session, comment, now, caller.subject)
        anew = [each for each in mentions if each not in comment.mention_ids]
        comment.body, comment.body_html = text.body, text.html
        comment.mention_ids, comment.edited_at = mentions, now
        await events.comment_changed(session, caller, comment, new_mention_ids=anew)
    return comment


async def delete_comment(
    session: AsyncSession,
    caller: Identity,
    standing: Standing | None,
    *,
    comment_id: str,
    expected_version: int | None,
    reason: str | None,
) -> CommentRow:
    """Take a comment back: its place stays, with who took it back, when and why.

    Raises:
        RejectedError: NOT_FOUND, FORBIDDEN, EDIT_WINDOW_PASSED or STALE.

    """
    comment = await take(session, standing, comment_id)
    now = datetime.now(UTC)
    if not policy.can_delete(caller, comment, now):
        raise too_late(caller, comment, "delete")
    check_version(comment, expected_version, Code.STALE, "This comment")
    writes.keep_version(session, comment, now, caller.subject)
    comment.body = comment.body_html = ""
    comment.mention_ids = []
    comment.deleted_at, comment.deleted_by_id = now, caller.subject
    comment.deletion_reason = reason
    await events.comment_deleted(session, caller, comment)
    return comment


async def take(
    session: AsyncSession, standing: Standing | None, comment_id: str
) -> CommentRow:
    """Lock a comment that the caller reads.

    Raises:
        RejectedError: NOT_FOUND.

    """
    comment = await writes.lock_comment(session, comment_id)
    if comment is None or not policy.can_see(standing, comment):
        raise refuse(Code.NOT_FOUND, "There is no such comment.", "id")
    return comment


def too_late(caller: Identity, comment: CommentRow, verb: str) -> RejectedError:
    """Say why the caller may not change or delete a comment that they read."""
    if comment.deleted_at is not None:
        return refuse(Code.FORBIDDEN, "The comment was deleted already.", "id")
    if policy.is_author(caller, comment):
        return refuse(
            Code.EDIT_WINDOW_PASSED,
            f"Authors {verb} their comments within {FRESH_MINUTES} minutes.",
            "id",
        )
    return refuse(Code.FORBIDDEN, f"You may not {verb} what others said.", "id")
