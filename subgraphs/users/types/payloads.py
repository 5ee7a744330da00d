"""What a caller is told of a change."""

from enum import Enum

import strawberry

from kit.types import UserError
from subgraphs.users.types.people import Department, User

ERRORS = "Why nothing was changed; empty when it was."


@strawberry.enum(description="What a rule about people can object to.")
class UsersErrorCode(Enum):
    REQUIRED = strawberry.enum_value(
        "REQUIRED", description="A field that must be filled is missing or empty."
    )
    INVALID = strawberry.enum_value(
        "INVALID", description="A value of a form that this field cannot take."
    )
    TOO_LONG = strawberry.enum_value(
        "TOO_LONG", description="A text longer than the field; the message says both."
    )
    TAKEN = strawberry.enum_value(
        "TAKEN", description="Another object has this e-mail address, code or key."
    )
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="An id or key that names nothing you may see."
    )
    FORBIDDEN = strawberry.enum_value(
        "FORBIDDEN", description="You may see it, and may not do this to it."
    )
    STALE = strawberry.enum_value(
        "STALE", description="It changed since the version you expected."
    )
    CYCLE = strawberry.enum_value(
        "CYCLE", description="Somebody would report to, or lie inside, themselves."
    )
    LAST_ADMIN = strawberry.enum_value(
        "LAST_ADMIN", description="Nobody active would be left to administer."
    )


@strawberry.type(description="Why a change to people was not made.")
class UsersUserError(UserError):
    code: UsersErrorCode = strawberry.field(description="What kind of objection.")


@strawberry.type(description="What became of adding a person.")
class CreateUserPayload:
    user: User | None = strawberry.field(
        description="Who was added; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of changing a person.")
class UpdateUserPayload:
    user: User | None = strawberry.field(
        description="As they are now; null after an error other than STALE."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of giving a role.")
class AssignRolePayload:
    user: User | None = strawberry.field(
        description="Whose role it is; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of taking a role.")
class RevokeRolePayload:
    user: User | None = strawberry.field(
        description="Whose role it was; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of adding a department.")
class CreateDepartmentPayload:
    department: Department | None = strawberry.field(
        description="What was added; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of changing a department.")
class UpdateDepartmentPayload:
    department: Department | None = strawberry.field(
        description="As it is now; null after an error other than STALE."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)
