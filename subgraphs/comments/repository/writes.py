"""What units of work read, lock and write."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import is_id
from subgraphs.comments.models import CommentRow, CommentVersionRow


async def lock_comment(session: AsyncSession, comment_id: str) -> CommentRow | None:
    """Read a comment, and hold it against every other writer until the end."""
    if not is_id(comment_id, "cmt"):
        return None
    return await session.get(CommentRow, comment_id, with_for_update=True)


async def comment_by_id(session: AsyncSession, comment_id: str) -> CommentRow | None:
    """Read a comment."""
    if not is_id(comment_id, "cmt"):
        return None
    return await session.get(CommentRow, comment_id)


async def add_comment(session: AsyncSession, values: Mapping[str, Any]) -> CommentRow:
    """Write a comment down."""
    comment = CommentRow(**values)
    session.add(comment)
    await session.flush()
    return comment


def keep_version(
    session: AsyncSession, comment: CommentRow, at: datetime, by_id: str
) -> None:
    """Keep what a comment says before it is changed, and count the change."""
    session.add(
        CommentVersionRow(
            comment_id=comment.id,
            version=comment.version,
            body=comment.body,
            replaced_at=at,
            replaced_by_id=by_id,
        )
    )
    comment.version += 1
