"""The histories of all tickets as one feed."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text

from tests.e2e.tickets.conftest import Desk
from tests.e2e.tickets.test_verbs import ASSIGN

FEED = """
query ($after: String) { ticketEventFeed(after: $after) {
  events { id entityId seq kind at actorId requestId payload }
  nextCursor caughtUp
} }
"""
HISTORY = """
query ($id: ID!) { ticket(id: $id) { history { nodes {
  id seq kind at field before after note via requestId
} } } }
"""
FOLLOWER: dict[str, Any] = {
    "subject": "sva_1",
    "scopes": ["events:read"],
    "session": None,
}
SERVICE = "helpnest_auth"
"""A role that owns nothing of tickets."""

GRANTS = f"""
GRANT CONNECT ON DATABASE %s TO {SERVICE};
GRANT USAGE ON SCHEMA public TO {SERVICE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SERVICE};
REVOKE UPDATE, DELETE ON events FROM {SERVICE};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {SERVICE};
"""
RIGHTS = f"SELECT has_table_privilege('{SERVICE}', 'events', $1)"


async def feed(desk: Desk, after: str | None = None) -> dict[str, Any]:
    return (await desk.data(FEED, {"after": after}, **FOLLOWER))["ticketEventFeed"]


async def test_the_feed_tells_what_the_histories_do(desk: Desk) -> None:
    one, two = await desk.open(), await desk.open("Keyboard gone")
    given = {"id": one["id"], "assigneeId": desk.bob, "note": "mine"}
    await desk.mutate(ASSIGN, given, by=desk.agent)
    events = (await feed(desk))["events"]
    assert [(each["entityId"], each["seq"], each["kind"]) for each in events] == [
        (one["id"], 1, "CREATED"),
        (two["id"], 1, "CREATED"),
        (one["id"], 2, "ASSIGNEE_CHANGED"),
    ]
    for ticket in (one, two):
        shown = await desk.data(HISTORY, {"id": ticket["id"]}, **desk.agent)
        told = [
            {
                **{name: each[name] for name in ("id", "seq", "kind", "at")},
                "requestId": each["requestId"],
                **each["payload"],
            }
            for each in events
            if each["entityId"] == ticket["id"]
        ]
        assert shown["ticket"]["history"]["nodes"] == told
    assert events[2]["actorId"] == desk.bob
    assert events[2]["payload"] == {
        "field": "assigneeId",
        "before": None,
        "after": desk.bob,
        "note": "mine",
        "via": "PORTAL",
    }


async def test_a_ticket_that_commits_late_is_not_skipped(desk: Desk) -> None:
    await desk.open("first")
    cursor = (await feed(desk))["nextCursor"]
    async with desk.service.database.unit_of_work() as late:
        await late.execute(text("SELECT pg_current_xact_id()"))
        second = await desk.open("second")
        part = await feed(desk, cursor)
        assert part == {"events": [], "nextCursor": cursor, "caughtUp": True}
    (told,) = (await feed(desk, cursor))["events"]
    assert told["entityId"] == second["id"]


async def test_only_who_may_follow_reads_the_feed(desk: Desk) -> None:
    await desk.open()
    for who in (desk.requester, desk.agent, desk.importer):
        with desk.counted() as statements:
            answer = await desk.ask(FEED, **who)
        assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
        assert statements == []


async def test_the_service_can_run_without_the_right_to_change_history(
    desk: Desk, own_database_url: Callable[[str], str]
) -> None:
    """As a role that owns nothing and has no UPDATE and no DELETE there."""
    database, url = desk.service.database, make_url(own_database_url("tickets"))
    owner = await asyncpg.connect(url.render_as_string(hide_password=False))
    await owner.execute(GRANTS % url.database)
    await database.close()
    database.__dict__.pop("engine", None)
    database.url = url.set(drivername="postgresql", username=SERVICE)
    await database.open()
    ticket = await desk.open()
    given = {"id": ticket["id"], "assigneeId": desk.bob}
    assert (await desk.mutate(ASSIGN, given, by=desk.agent))["userErrors"] == []
    assert [each["seq"] for each in (await feed(desk))["events"]] == [1, 2]
    async with database.unit_of_work() as session:
        assert await session.scalar(text("SELECT current_user")) == SERVICE
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    held = [right for right in rights if await owner.fetchval(RIGHTS, right)]
    assert held == ["SELECT", "INSERT"]
    await owner.close()


@pytest.mark.parametrize(
    "change", ["UPDATE events SET note = ''", "DELETE FROM events", "TRUNCATE events"]
)
@pytest.mark.parametrize("role", ["helpnest", "helpnest_tickets"])
async def test_a_right_to_change_history_would_be_of_no_use(
    desk: Desk, role: str, change: str
) -> None:
    key = (await desk.open())["id"]
    url = desk.service.database.url.set(username=role)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("GRANT ALL ON events TO CURRENT_USER")
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(change)
    finally:
        await transaction.rollback()
        await connection.close()
    shown = await desk.data(HISTORY, {"id": key}, **desk.agent)
    assert [each["seq"] for each in shown["ticket"]["history"]["nodes"]] == [1]
