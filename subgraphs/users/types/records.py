"""Bringing people in from a file and forgetting them, as the graph sees it."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import Any, Self

import strawberry

from kit.idempotency import KEY_DESCRIPTION
from subgraphs.users.context import Info
from subgraphs.users.types.payloads import ERRORS, UsersErrorCode, UsersUserError
from subgraphs.users.types.people import User


@strawberry.input(description="People in a CSV file.")
class ImportPeopleInput:
    csv: str = strawberry.field(
        description="The file: a header, then at most 500 rows, parted by commas, "
        "semicolons or tabs. Columns: `email` (who it is), `name`, `department` (code "
        "or name), `manager` (address), `roles` (keys, parted by semicolons; given, "
        "never taken), `locale`, `timeZone`, `active`. A column that is missing "
        "changes nothing; an empty department or manager is none."
    )
    dry_run: bool = strawberry.field(
        default=False, description="Say what would become of it, and write nothing."
    )
    elsewhere: list[str] | None = strawberry.field(
        default=None,
        description="For a dry run: addresses of people whom another page of the same "
        "file adds, so that they can be managers.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.input(description="Somebody who is to be forgotten.")
class ErasePersonInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    idempotency_key: str | None = strawberry.field(
        default=None, description=KEY_DESCRIPTION
    )


@strawberry.enum(description="What became of a row.")
class ImportOutcome(Enum):
    CREATED = strawberry.enum_value("CREATED", description="A person was added.")
    UPDATED = strawberry.enum_value("UPDATED", description="A person was changed.")
    UNCHANGED = strawberry.enum_value(
        "UNCHANGED", description="They are as the row says."
    )
    FAILED = strawberry.enum_value(
        "FAILED", description="Nothing was written for it; `problems` says why."
    )


@strawberry.type(description="What is wrong with a row.")
class ImportProblem:
    column: str | None = strawberry.field(
        description="Which cell is at fault; null: the row itself."
    )
    code: UsersErrorCode = strawberry.field(description="What kind of objection.")
    message: str = strawberry.field(description="For people.")


@strawberry.type(description="What became of one row.")
class ImportedRow:
    row: int = strawberry.field(
        description="Its number as a spreadsheet shows it: the header is row 1."
    )
    email: str | None = strawberry.field(
        description="Whose row it is, as it was read; null if it names nobody."
    )
    outcome: ImportOutcome = strawberry.field(description="What became of it.")
    problems: list[ImportProblem] = strawberry.field(
        description="Why it failed; empty otherwise."
    )
    user_id: strawberry.Private[str | None]

    @strawberry.field(
        description="Who it is now; null if it failed, or would be added by a dry run."
    )
    async def user(self, info: Info) -> User | None:
        return await User.by_id(info.context, self.user_id)

    @classmethod
    def of(cls, told: dict[str, Any], email: str | None) -> Self:
        """Make one of what the import noted, and of whose row it is."""
        return cls(
            row=told["row"],
            email=email,
            outcome=ImportOutcome[told["outcome"]],
            problems=[
                ImportProblem(
                    column=each["column"],
                    code=UsersErrorCode[each["code"]],
                    message=each["message"],
                )
                for each in told["problems"]
            ],
            user_id=told["user"],
        )


@strawberry.type(description="What became of a file of people.")
class ImportPeoplePayload:
    created: int = strawberry.field(description="How many were, or would be, added.")
    updated: int = strawberry.field(description="How many were, or would be, changed.")
    unchanged: int = strawberry.field(description="How many are as the file says.")
    failed: int = strawberry.field(description="How many rows failed.")
    rows: list[ImportedRow] = strawberry.field(description="Each row, in order.")
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)

    @classmethod
    def of(cls, told: Sequence[dict[str, Any]], emails: dict[int, str | None]) -> Self:
        """Count and write down what became of each row; whose it is, the file says."""
        count = Counter(each["outcome"] for each in told)
        return cls(
            created=count["CREATED"],
            updated=count["UPDATED"],
            unchanged=count["UNCHANGED"],
            failed=count["FAILED"],
            rows=[ImportedRow.of(each, emails.get(each["row"])) for each in told],
            user_errors=[],
        )

    @classmethod
    def refused(cls, error: UsersUserError) -> Self:
        """Say why nothing was read."""
        return cls(
            created=0, updated=0, unchanged=0, failed=0, rows=[], user_errors=[error]
        )


@strawberry.type(description="What became of forgetting somebody.")
class ErasePersonPayload:
    user: User | None = strawberry.field(
        description="As they are now; null after an error."
    )
    user_errors: list[UsersUserError] = strawberry.field(description=ERRORS)
