"""What a caller is told of a change."""

from enum import Enum

import strawberry

from kit.types import UserError
from subgraphs.groups.types.groups import Group, GroupMemberEdge, User

ERRORS = "Why nothing was changed; empty when it was."


@strawberry.enum(description="What a rule about groups can object to.")
class GroupErrorCode(Enum):
    REQUIRED = strawberry.enum_value(
        "REQUIRED", description="A field that must be filled is missing or empty."
    )
    INVALID = strawberry.enum_value(
        "INVALID", description="A value that this field cannot take."
    )
    TOO_LONG = strawberry.enum_value(
        "TOO_LONG", description="A text or a list longer than what fits."
    )
    TAKEN = strawberry.enum_value("TAKEN", description="Another group has this name.")
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="An id that names nothing you may see."
    )
    FORBIDDEN = strawberry.enum_value(
        "FORBIDDEN", description="You may see it, and may not do this to it."
    )
    STALE = strawberry.enum_value(
        "STALE", description="It changed since the version you expected."
    )
    CYCLE = strawberry.enum_value(
        "CYCLE", description="A group would lie inside itself."
    )
    ALREADY_MEMBER = strawberry.enum_value(
        "ALREADY_MEMBER", description="Somebody of them is in the group."
    )
    NOT_MEMBER = strawberry.enum_value(
        "NOT_MEMBER", description="Somebody of them is not in the group."
    )
    UNAVAILABLE = strawberry.enum_value(
        "UNAVAILABLE",
        description="Another service, which must be asked first, does not answer.",
    )


@strawberry.type(description="Why a change to groups was not made.")
class GroupUserError(UserError):
    code: GroupErrorCode = strawberry.field(description="What kind of objection.")


@strawberry.type(description="What became of adding a group.")
class CreateGroupPayload:
    group: Group | None = strawberry.field(
        description="What was added; null after an error."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of changing a group.")
class UpdateGroupPayload:
    group: Group | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of putting people into a group.")
class AddGroupMembersPayload:
    group: Group | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    added_edges: list[GroupMemberEdge] = strawberry.field(
        description="Who was put into it; empty after an error."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of taking people out of a group.")
class RemoveGroupMembersPayload:
    group: Group | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of changing somebody's part in a group.")
class UpdateGroupMemberPayload:
    group: Group | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    edge: GroupMemberEdge | None = strawberry.field(
        description="Who was changed; null after an error."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of saying whether one is available.")
class SetAvailabilityPayload:
    user: User | None = strawberry.field(
        description="Whose it is; null after an error."
    )
    user_errors: list[GroupUserError] = strawberry.field(description=ERRORS)
