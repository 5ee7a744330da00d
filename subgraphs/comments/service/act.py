"""Who says something, when, and through what: the frame of every comment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kit.identity import Identity, Kind
from kit.ids import is_id
from subgraphs.comments import policy
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.models import Source
from subgraphs.comments.service.texts import refuse

CLOCK_SKEW: Final = timedelta(minutes=5)
"""An integration's clock may run so far ahead of ours."""


@dataclass(frozen=True, slots=True)
class Act:
    """One comment's frame; ``author_id`` is a user's or a service account's id."""

    caller: Identity
    at: datetime
    author_id: str
    source: Source

    @property
    def is_retold(self) -> bool:
        """Say whether the caller tells what somebody else said."""
        return self.author_id != self.caller.subject


def act_of(
    caller: Identity,
    *,
    occurred_at: datetime | None = None,
    actor_id: str | None = None,
    source: Source | None = None,
    now: datetime | None = None,
) -> Act:
    """Frame what a caller says now, or retells of the past with the right to.

    Raises:
        RejectedError: FORBIDDEN, the right is missing; INVALID, the instant is yet to
            come, the author is no user, or nobody says what the system does.

    """
    now = now or datetime.now(UTC)
    if source is None:
        source = Source.WEB if caller.kind is Kind.USER else Source.API
    elif not policy.can_name_source(caller):
        message = "Only programs say what a comment came through."
        raise refuse(Code.FORBIDDEN, message, "source")
    if source is Source.SYSTEM:
        raise refuse(Code.INVALID, "Only HelpNest itself is SYSTEM.", "source")
    if occurred_at is None and actor_id is None:
        return Act(caller, now, caller.subject, source)
    where = "actorId" if occurred_at is None else "occurredAt"
    if not policy.can_retell(caller):
        message = "Only an import may say when something was said, or who said it."
        raise refuse(Code.FORBIDDEN, message, where)
    if occurred_at is not None and occurred_at > now + CLOCK_SKEW:
        raise refuse(Code.INVALID, "That instant is yet to come.", where)
    if actor_id is not None and not is_id(actor_id, "usr"):
        raise refuse(Code.INVALID, "An author is a user.", "actorId")
    return Act(caller, occurred_at or now, actor_id or caller.subject, source)
