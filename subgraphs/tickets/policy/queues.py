"""Who sees and changes a queue. What stands in it is decided ticket by ticket."""

from collections.abc import Collection
from typing import Any, Protocol

from kit.identity import Identity, Kind
from subgraphs.tickets.models import QueueVisibility
from subgraphs.tickets.policy import MANAGE, READ, WORK, works_anywhere


class Shared(Protocol):
    """What of a queue the rules look at."""

    @property
    def owner_id(self) -> Any:
        """Who made it."""
        ...

    @property
    def group_id(self) -> Any:
        """The group that works on it."""
        ...

    @property
    def visibility(self) -> Any:
        """Who sees it, as the enum or its word."""
        ...


def can_list(caller: Identity) -> bool:
    """Say whether the caller sees queues at all."""
    return caller.authenticated and caller.may(READ)


def can_see(caller: Identity, queue: Shared, groups: Collection[str]) -> bool:
    """Say whether the caller, who is in these groups, sees a queue."""
    if not can_list(caller):
        return False
    if queue.owner_id == caller.subject:
        return True
    visibility = QueueVisibility(queue.visibility)
    if visibility is QueueVisibility.OWNER:
        return False
    everyone = visibility is QueueVisibility.EVERYONE
    return everyone or caller.may(MANAGE) or queue.group_id in groups


def is_mine(caller: Identity, queue: Shared, groups: Collection[str]) -> bool:
    """Say whether a queue is the caller's own, or one of their groups'."""
    return queue.owner_id == caller.subject or queue.group_id in groups


def can_make(caller: Identity) -> bool:
    """Say whether the caller may make queues: who works on tickets, or sets up."""
    works = caller.kind is Kind.SERVICE and caller.may(WORK)
    return can_list(caller) and (works or works_anywhere(caller) or caller.may(MANAGE))


def can_share(caller: Identity, group_id: str | None, groups: Collection[str]) -> bool:
    """Say whether the caller may make a queue this group's."""
    return group_id is None or group_id in groups or caller.may(MANAGE)


def can_change(caller: Identity, queue: Shared, groups: Collection[str]) -> bool:
    """Say whether the caller may change or retire a queue that they see."""
    if not can_see(caller, queue, groups):
        return False
    own = queue.owner_id == caller.subject and can_make(caller)
    return own or caller.may(MANAGE)
