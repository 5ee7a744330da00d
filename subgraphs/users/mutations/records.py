"""Bringing people in from a file and forgetting them, as mutations."""

from typing import Annotated, Any

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.users import policy
from subgraphs.users.context import Info
from subgraphs.users.mutations.directory import change, changed_user
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
        caller = info.context.identity

        async def work(session: AsyncSession) -> list[dict[str, Any]]:
            return await import_people(
                session,
                caller,
                read_people(input.csv),
                dry_run=input.dry_run,
                elsewhere=input.elsewhere or (),
            )

        done = await change(info, "importPeople", input, work)
        if done.rejected is not None:
            return ImportPeoplePayload.refused(UsersUserError.of(done.rejected))
        emails = {each.row: each.email or None for each in read_people(input.csv)}
        return ImportPeoplePayload.of(done.written or [], emails)

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
