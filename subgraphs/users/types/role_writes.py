"""What a caller sends to change roles, and what they are told of it."""

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION
from subgraphs.users.types.payloads import ERRORS, UsersUserError
from subgraphs.users.types.roles import Role


@strawberry.input(description="A role to add.")
class CreateRoleInput:
    key: str = strawberry.field(
        description="Its name for programs, which never changes: 1 to 40 small "
        "letters, digits, `-` and `_`, a letter first; no two share one."
    )
    name: str = strawberry.field(
        description="Its name for people, 1 to 200 characters."
    )
    permissions: list[str] = strawberry.field(
        description="What it allows, each as `domain:action`, 200 at most."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="What to change about a role. Absent is unchanged.")
class UpdateRoleInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(
        default=UNSET,
        description="Its name for people, 1 to 200 characters; never null.",
    )
    permissions: list[str] | None = strawberry.field(
        default=UNSET,
        description="All that it allows from now on, 200 at most; never null. Whoever "
        "holds it has other rights within five seconds.",
    )
    retired: bool | None = strawberry.field(
        default=UNSET,
        description="True: nobody gets it any more, and those who hold it keep it. "
        "False: it is given again. Never null; what came with HelpNest stays.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description=VERSION_DESCRIPTION
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.type(description="What became of adding a role.")
class CreateRolePayload:
    role: Role | None = strawberry.field(
        description="What was added; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of changing a role.")
class UpdateRolePayload:
    role: Role | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)
