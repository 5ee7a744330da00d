"""What was there before there were feeds is told by them first."""

from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
import pytest

from kit import migrations
from kit.database import Database
from kit.outbox import FeedSource
from subgraphs.groups.events import FEED as GROUPS
from subgraphs.tickets.repository.following import WATCHED as TICKETS
from subgraphs.users.events import FEED as USERS

BEFORE = {"groups": "0001", "users": "0003", "tickets": "0003"}
TICKET = """
INSERT INTO tickets (id, number, type, title, channel, status_id, status_category,
  impact, urgency, priority, priority_overridden, requester_id, tags, watcher_ids,
  reassignment_count, reopen_count, opened_at, updated_at, version, history_length)
SELECT $1, $1, 'INCIDENT', 'x', 'API', id, 'NEW', 'LOW', 'LOW', 'LOW', false, 'usr_1',
  '{}', '{}', 0, 0, now(), now(), 1, 2
FROM statuses WHERE key = 'new'
"""
EVENT = """
INSERT INTO events (id, ticket_id, seq, kind, at, recorded_at, via)
VALUES ($1, $2, $3, 'CREATED', now(), now() - $4 * interval '1 hour', 'API')
"""
FILLED: dict[str, Sequence[str]] = {
    "groups": (
        (
            "INSERT INTO groups (id, name, name_key, kind, lead_id, assignment_policy,"
            " version) VALUES ('grp_1', 'Network', 'network', 'ASSIGNMENT', 'usr_1',"
            " 'MANUAL', 1)"
        ),
        (
            "INSERT INTO group_members (group_id, user_id, capacity, skills, joined_at)"
            " VALUES ('grp_1', 'usr_2', 3, '{dns}', now() - interval '1 hour'),"
            " ('grp_1', 'usr_3', NULL, '{}', now())"
        ),
        (
            "INSERT INTO availabilities (user_id, availability, until)"
            " VALUES ('usr_2', 'AWAY', '2030-01-02T03:04:05.678Z')"
        ),
    ),
    "users": (
        (
            "INSERT INTO departments (id, code, name, version)"
            " VALUES ('dep_1', 'IT', 'IT', 1)"
        ),
        (
            "INSERT INTO users (id, email, name, active, locale, time_zone,"
            " department_id, version) VALUES ('usr_1', 'ada@example.com', 'Ada', true,"
            " 'en', 'UTC', 'dep_1', 1)"
        ),
        (
            "INSERT INTO role_assignments (id, user_id, role_id, scope)"
            " SELECT 'ras_1', 'usr_1', id, 'GLOBAL' FROM roles WHERE key = 'agent'"
        ),
    ),
}


async def migrated(
    domain: str, url: str, filled: Sequence[str | tuple[Any, ...]]
) -> None:
    """Fill a database as it was before, then bring it to what it is now."""
    await migrations.upgrade(domain, url, BEFORE[domain])
    connection = await asyncpg.connect(url)
    for each in filled:
        await connection.execute(*((each,) if isinstance(each, str) else each))
    await connection.close()
    await migrations.upgrade(domain, url)


async def told(feed: FeedSource, url: str) -> list[asyncpg.Record]:
    async with Database(url) as database:
        return list((await feed.read(database, None)).rows)


async def test_groups_that_were_there_are_told_whole(
    empty_database_url: Callable[[str], str],
) -> None:
    url = empty_database_url("groups")
    await migrated("groups", url, FILLED["groups"])
    group = {
        "name": "Network",
        "kind": "ASSIGNMENT",
        "parentId": None,
        "departmentId": None,
        "leadId": "usr_1",
        "email": None,
        "assignmentPolicy": "MANUAL",
    }
    dns = {"userIds": ["usr_2"], "capacity": 3, "skills": ["dns"]}
    plain = {"userIds": ["usr_3"], "capacity": None, "skills": []}
    away = {"availability": "AWAY", "until": "2030-01-02T03:04:05.678Z"}
    assert [
        (row["kind"], row["entity_id"], row["seq"], row["actor_id"], row["payload"])
        for row in await told(GROUPS, url)
    ] == [
        ("GROUP_CREATED", "grp_1", 1, None, group),
        ("MEMBERS_ADDED", "grp_1", 2, None, dns),
        ("MEMBERS_ADDED", "grp_1", 3, None, plain),
        ("AVAILABILITY_CHANGED", "usr_2", 1, None, away),
    ]


async def test_people_who_were_there_are_told_without_their_names(
    empty_database_url: Callable[[str], str],
) -> None:
    url = empty_database_url("users")
    await migrated("users", url, FILLED["users"])
    department = {"code": "IT", "name": "IT", "parentId": None, "headId": None}
    person = {"active": True, "departmentId": "dep_1", "managerId": None}
    role = {"roleKey": "agent", "scope": "GLOBAL"}
    assert [
        (row["kind"], row["entity_id"], row["seq"], row["payload"])
        for row in await told(USERS, url)
    ] == [
        ("DEPARTMENT_CREATED", "dep_1", 1, department),
        ("USER_CREATED", "usr_1", 1, person),
        ("ROLE_ASSIGNED", "usr_1", 2, {**role, "departmentId": None, "groupId": None}),
    ]


async def test_histories_that_were_there_keep_their_order(
    empty_database_url: Callable[[str], str],
) -> None:
    """Also where an event's transaction began before that of the one ahead of it."""
    url = empty_database_url("tickets")
    written = [
        ("tev_a", "tkt_1", 1, 5),
        ("tev_b", "tkt_2", 1, 4),
        ("tev_c", "tkt_1", 2, 6),
        ("tev_d", "tkt_2", 2, 3),
    ]
    filled = [(TICKET, key) for key in ("tkt_1", "tkt_2")]
    await migrated("tickets", url, [*filled, *((EVENT, *each) for each in written)])
    assert [row["id"] for row in await told(TICKETS, url)] == [
        "tev_a",
        "tev_c",
        "tev_b",
        "tev_d",
    ]
    connection = await asyncpg.connect(url)
    await connection.execute(EVENT, "tev_e", "tkt_1", 3, 9)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM events")
    await connection.close()
    assert (await told(TICKETS, url))[-1]["id"] == "tev_e"


@pytest.mark.parametrize("domain", list(BEFORE))
async def test_the_way_back_leaves_what_was_there(
    domain: str, empty_database_url: Callable[[str], str]
) -> None:
    from alembic import command  # noqa: PLC0415 - slow to load

    url = empty_database_url(domain)
    await migrated(domain, url, FILLED.get(domain, ()))
    await migrations._run(
        domain, url, lambda config: command.downgrade(config, BEFORE[domain])
    )
    await migrations.upgrade(domain, url)
    assert await migrations.check(domain, url) == []
