"""Bringing people in from a file and forgetting them, as mutations."""

from typing import Annotated, Any

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import RejectedError
from kit.idempotency import once
from subgraphs.users import policy
from subgraphs.users.context import Info
from subgraphs.users.models import IDEMPOTENCY
from subgraphs.users.mutations.directory import changed_user
from subgraphs.users.service.csv_people import read_people
from subgraphs.users.service.erase import erase_person
from subgraphs.users.service.import_people import import_people
from subgraphs.users.types.payloads import UsersUserError
from subgraphs.users.types.records import (
    ErasePersonInput,
    ErasePersonPayload,
    ImportPeopleInput,
    ImportPeoplePayload,
)


@strawberry.type(description="What can be done about the records of people.")
class RecordMutations:
    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.MANAGE_USERS]],
        description="Add and change people as a CSV file says; rows that cannot be "
        "fail by themselves. Requires: users:manage, and to give roles what "
        "`assignRole` does.",
    )
    async def import_people(
        self,
        info: Info,
        input: Annotated[
            ImportPeopleInput, strawberry.argument(description="The file.")
        ],
    ) -> ImportPeoplePayload:
        context = info.context
        caller = context.identity

        async def keyed(session: AsyncSession) -> list[dict[str, Any]]:
            return await once(
                session,
                IDEMPOTENCY,
                lambda: import_people(
                    session,
                    caller,
                    read_people(input.csv),
                    dry_run=input.dry_run,
                    elsewhere=input.elsewhere or (),
                ),
                subject=caller.subject,
                key=input.idempotency_key,
                verb="importPeople",
                body=input,
            )

        outcome = await context.database.attempt(keyed)
        context.forget()
        if isinstance(outcome, RejectedError):
            return ImportPeoplePayload.refused(UsersUserError.of(outcome))
        return ImportPeoplePayload.of(outcome)

    @strawberry.federation.mutation(
        authenticated=True,
        requires_scopes=[[policy.ERASE_USERS]],
        description="Replace all that says who somebody is, for good: name, address, "
        "language, time zone. They are deactivated and hold no role any more; their id "
        "stays. Requires: users:erase, and every permission that this person has.",
    )
    async def erase_person(
        self,
        info: Info,
        input: Annotated[ErasePersonInput, strawberry.argument(description="Whom.")],
    ) -> ErasePersonPayload:
        caller = info.context.identity

        async def work(session: AsyncSession) -> str:
            return await erase_person(session, caller, input.id)

        user, errors = await changed_user(info, "erasePerson", input, work)
        return ErasePersonPayload(user=user, user_errors=errors)
