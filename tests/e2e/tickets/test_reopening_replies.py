"""A requester's reply reopens what is resolved, where that is set."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.tickets.test_replies import follow, said, seen
from tests.support.ticket_settings import MOVE

Desk = Any  # the fixture's class; test folders are not packages


async def resolved(desk: Desk) -> str:
    key: str = (await desk.open())["id"]
    step = {"id": key, "toStatusKey": "resolved", "resolutionCode": "Fixed"}
    assert (await desk.mutate(MOVE, step, by=desk.agent))["userErrors"] == []
    return key


async def test_a_reply_reopens_what_is_resolved_where_that_is_set(desk: Desk) -> None:
    text = """mutation Set($in: ConfigureTicketLifecycleInput!) {
      configureTicketLifecycle(input: $in) { lifecycle { reopenOnReply }
        userErrors { code path } } }"""
    key, late, closed = [await resolved(desk) for _ in range(3)]
    await follow(desk, said(key, desk.ada))
    assert (await seen(desk, key))["status"]["key"] == "resolved"
    none = await desk.mutate(text, {"reopenOnReply": None}, by=desk.admin)
    refusal = [{"code": "REQUIRED", "path": ["input", "reopenOnReply"]}]
    assert none == {"lifecycle": None, "userErrors": refusal}
    set_ = await desk.mutate(text, {"reopenOnReply": True}, by=desk.admin)
    assert set_ == {"lifecycle": {"reopenOnReply": True}, "userErrors": []}
    before = await seen(desk, key)
    now = datetime.now(UTC)
    await follow(
        desk,
        said(key, desk.bob),
        said(key, desk.ada, visibility="INTERNAL"),
        said(key, desk.ada, at=now - timedelta(minutes=2)),  # before it was resolved
        said(key, desk.ada, at=now - timedelta(days=9)),  # an import retells it
    )
    assert await seen(desk, key) == before
    end = {"id": closed, "toStatusKey": "closed"}
    await desk.mutate(MOVE, end, by=desk.agent)
    await follow(desk, said(key, desk.ada), said(key, desk.ada), said(closed, desk.ada))
    after = await seen(desk, key)
    assert (after["status"]["key"], after["version"]) == (
        "in_progress",
        before["version"] + 1,
    )
    (event,) = [e for e in after["history"]["nodes"] if e["kind"] == "REOPENED"]
    assert (event["via"], event["actor"]["id"], event["note"]) == (
        "AUTOMATION",
        desk.ada,
        "The requester replied.",
    )
    assert (await seen(desk, closed))["status"]["key"] == "closed"
    await desk.mutate(text, {"reopenWithin": "PT0S"}, by=desk.admin)
    await follow(desk, said(late, desk.ada))
    assert (await seen(desk, late))["status"]["key"] == "resolved"
