"""What must not stand in an input of groups is refused, wherever it stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.scalars import write_instant
from tests.support.bad_input import Json, try_everything

Teams = Any  # the fixture's class; test folders are not packages


async def inputs(teams: Teams) -> dict[str, Json]:
    """Give each mutation an input that would be done."""
    desk, field = await teams.make("Desk"), await teams.make("Field")
    soon = write_instant(datetime.now(UTC) + timedelta(days=1))
    later = write_instant(datetime.now(UTC) + timedelta(days=2))
    return {
        "createGroup": {"name": "New", "kind": "ASSIGNMENT", "email": "a@example.com"},
        "updateGroup": {"id": desk, "name": "Front desk", "parentId": field},
        "addGroupMembers": {"groupId": desk, "userIds": [teams.bob], "skills": ["vpn"]},
        "updateGroupMember": {"groupId": desk, "userId": teams.bob, "capacity": 5},
        "removeGroupMembers": {"groupId": desk, "userIds": [teams.bob]},
        "setAvailability": {
            "userId": teams.bob,
            "availability": "AWAY",
            "startsAt": soon,
            "until": later,
        },
    }


async def test_what_must_not_stand_in_an_input_is_refused_wherever_it_stands(
    teams: Teams,
) -> None:
    given = await inputs(teams)
    assert await try_everything(teams, "groups", given, teams.admin) > 50
