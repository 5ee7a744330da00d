"""What a caller sends to change people, departments and roles."""

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.users.types.roles import RoleScope


@strawberry.input(description="A person to add.")
class CreateUserInput:
    email: str = strawberry.field(
        description="Their e-mail address, 254 characters at most; kept in lower case."
    )
    name: str = strawberry.field(description="Full name, 1 to 200 characters.")
    department_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Where they belong; null: nowhere yet."
    )
    manager_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Their line manager; null: none."
    )
    role_keys: list[str] | None = strawberry.field(
        default=UNSET,
        description="Roles they hold everywhere; absent or null: `requester`. To name "
        "any requires roles:assign, and every permission of each.",
    )
    locale: str | None = strawberry.field(
        default=UNSET, description="BCP 47 tag, e.g. `en-GB`; absent: `en`."
    )
    time_zone: str | None = strawberry.field(
        default=UNSET, description="IANA name, e.g. `Europe/Berlin`; absent: `UTC`."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(
    description="What to change about a person. Absent is unchanged, null clears."
)
class UpdateUserInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    name: str | None = strawberry.field(
        default=UNSET, description="Full name, 1 to 200 characters; never null."
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Where they belong; null: nowhere."
    )
    manager_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="Their line manager, who may not report to them, however "
        "distantly; null: none.",
    )
    locale: str | None = strawberry.field(
        default=UNSET, description="BCP 47 tag, e.g. `en-GB`; never null."
    )
    time_zone: str | None = strawberry.field(
        default=UNSET, description="IANA name, e.g. `Europe/Berlin`; never null."
    )
    active: bool | None = strawberry.field(
        default=UNSET,
        description="False deactivates, true brings back; never null. Requires every "
        "permission that this person has.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="A role to give, and where.")
class AssignRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Who gets it.")
    role_key: str = strawberry.field(description="The role's key, e.g. `agent`.")
    scope: RoleScope = strawberry.field(
        default=RoleScope.GLOBAL, description="Where it is held."
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="For the scope DEPARTMENT, and only there."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None, description="For the scope GROUP, and only there."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="A role to take, where it is held.")
class RevokeRoleInput:
    user_id: strawberry.ID = strawberry.field(description="Who loses it.")
    role_key: str = strawberry.field(description="The role's key, e.g. `agent`.")
    scope: RoleScope = strawberry.field(
        default=RoleScope.GLOBAL, description="Where it is held."
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="For the scope DEPARTMENT, and only there."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None, description="For the scope GROUP, and only there."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="A department to add.")
class CreateDepartmentInput:
    code: str = strawberry.field(
        description="Short name, 1 to 40 characters, e.g. `IT-OPS`; no two share one."
    )
    name: str = strawberry.field(description="Full name, 1 to 200 characters.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The department it is part of; null: at the top."
    )
    head_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who leads it; null: nobody yet."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(
    description="What to change about a department. Absent is unchanged, null clears."
)
class UpdateDepartmentInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    code: str | None = strawberry.field(
        default=UNSET, description="Short name, 1 to 40 characters; never null."
    )
    name: str | None = strawberry.field(
        default=UNSET, description="Full name, 1 to 200 characters; never null."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="The department it is part of, which may not lie inside it; null: "
        "at the top.",
    )
    head_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who leads it; null: nobody."
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )
