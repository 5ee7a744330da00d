"""What a caller sends to change groups, members and availability."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.groups.types.enums import (
    AbsentAssignees,
    AssignmentPolicy,
    Availability,
    GroupKind,
)


@strawberry.input(description="A group to add.")
class CreateGroupInput:
    name: str = strawberry.field(
        description="Its name, 1 to 200 characters; no two groups share one, in upper "
        "or lower case."
    )
    kind: GroupKind = strawberry.field(description="What it is for.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The group it is part of; null: at the top."
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The department it belongs to; null: none."
    )
    lead_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who leads it; null: nobody yet."
    )
    email: str | None = strawberry.field(
        default=UNSET,
        description="Where the whole group is reached, 254 characters at most; kept in "
        "lower case.",
    )
    assignment_policy: AssignmentPolicy | None = strawberry.field(
        default=AssignmentPolicy.MANUAL,
        description="How its tickets find somebody; null: MANUAL.",
    )
    absent_assignees: AbsentAssignees | None = strawberry.field(
        default=AbsentAssignees.WARN,
        description="What becomes of tickets given to who is away; null: WARN.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(
    description="What to change about a group. Absent is unchanged, null clears."
)
class UpdateGroupInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(
        default=UNSET, description="Its name, 1 to 200 characters; never null."
    )
    kind: GroupKind | None = strawberry.field(
        default=UNSET, description="What it is for; never null."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The group it is part of, which may not lie inside it; null: at "
        "the top.",
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The department it belongs to; null: none."
    )
    lead_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who leads it; null: nobody."
    )
    email: str | None = strawberry.field(
        default=UNSET, description="Where the whole group is reached; null: nowhere."
    )
    assignment_policy: AssignmentPolicy | None = strawberry.field(
        default=UNSET, description="How its tickets find somebody; never null."
    )
    absent_assignees: AbsentAssignees | None = strawberry.field(
        default=UNSET,
        description="What becomes of tickets given to who is away; never null.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="People to put into a group, all of them or none.")
class AddGroupMembersInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    user_ids: list[strawberry.ID] = strawberry.field(
        description="Who; 100 at most, and nobody who is in it or has left."
    )
    skills: list[str] | None = strawberry.field(
        default=UNSET,
        description="What all of them can do there: 20 words at most of 1 to 40 "
        "characters; kept in lower case.",
    )
    capacity: int | None = strawberry.field(
        default=UNSET,
        description="How many open tickets each works on at a time, 0 to 1000; null: "
        "no limit.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="People to take out of a group, all of them or none.")
class RemoveGroupMembersInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    user_ids: list[strawberry.ID] = strawberry.field(description="Who; 100 at most.")
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(
    description="What somebody can do in a group, and how much. Absent is unchanged."
)
class UpdateGroupMemberInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    user_id: strawberry.ID = strawberry.field(description="Who in it.")
    skills: list[str] | None = strawberry.field(
        default=UNSET,
        description="What they can do there, in place of what it was; null: nothing.",
    )
    capacity: int | None = strawberry.field(
        default=UNSET,
        description="How many open tickets they work on at a time, 0 to 1000; null: "
        "no limit.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(
    description="Whether somebody can be given work, in place of what was said of that "
    "time before."
)
class SetAvailabilityInput:
    availability: Availability = strawberry.field(description="Whether.")
    starts_at: datetime | None = strawberry.field(
        default=None,
        description="From when, two years ahead at most; null: from now. Being "
        "AVAILABLE in a time to come takes back what was said of it.",
    )
    until: datetime | None = strawberry.field(
        default=None,
        description="When they are available again, in the future, ten years ahead at "
        "most; null: when they say so. Being AVAILABLE from now on has no end.",
    )
    user_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Whose availability it is; null: the viewer's. Somebody else's "
        "requires groups:manage.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )
