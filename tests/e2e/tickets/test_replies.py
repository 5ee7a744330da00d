"""What is said does something to the ticket: it goes on, and people watch it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.ids import new_id
from kit.outbox.follower import Told
from kit.scalars import write_instant
from subgraphs.tickets.service.follow_comments import apply
from tests.support.promises import promise, read
from tests.support.ticket_settings import MOVE, SET, UPDATE_STATUS

Desk = Any  # the fixture's class; test folders are not packages

READ = """
query ($id: ID) { ticket(id: $id) {
  version status { key } holdReason
  watchers { edges { node { id } reason } }
  history { nodes { kind field via actor { id } note before after } }
} }
"""
UNWATCH = """mutation No($in: WatchTicketInput!) { watchTicket(input: $in) {
  userErrors { code } } }"""
LIFECYCLE = """mutation Set($in: ConfigureTicketLifecycleInput!) {
  configureTicketLifecycle(input: $in) { lifecycle { resumeOnReply }
    userErrors { code path } } }"""


def said(
    ticket: str,
    author: str,
    *,
    kind: str = "COMMENT_ADDED",
    visibility: str = "PUBLIC",
    mentions: tuple[str, ...] = (),
    anew: tuple[str, ...] | None = None,
    at: datetime | None = None,
    source: str = "EMAIL",
    by: str | None = None,
    desk: bool | None = None,
) -> Told:
    """Tell a comment as its feed does."""
    now = datetime.now(UTC)
    return Told(
        id=new_id("evt"),
        entity_id=new_id("cmt"),
        seq=1,
        kind=kind,
        at=now,
        actor_id=by or author,
        request_id=None,
        payload={
            "ticketId": ticket,
            "authorId": author,
            "visibility": visibility,
            "source": source,
            "mentionIds": list(mentions),
            "inReplyToId": None,
            "saidAt": write_instant(at or now),
        }
        | ({} if desk is None else {"fromDesk": desk})
        | ({} if anew is None else {"newMentionIds": list(anew)}),
    )


async def follow(desk: Desk, *events: Told) -> None:
    async with desk.service.database.unit_of_work() as session:
        await apply(session, events)


async def seen(desk: Desk, key: str) -> dict[str, Any]:
    ticket: dict[str, Any] = (await desk.data(READ, {"id": key}, **desk.agent))[
        "ticket"
    ]
    return ticket


async def on_hold(desk: Desk, reason: str = "REQUESTER") -> str:
    key: str = (await desk.open())["id"]
    for step in (
        {"toStatusKey": "in_progress"},
        {"toStatusKey": "on_hold", "holdReason": reason},
    ):
        payload = await desk.mutate(MOVE, {"id": key, **step}, by=desk.agent)
        assert payload["userErrors"] == []
    return key


async def test_a_reply_of_the_requester_takes_a_ticket_off_hold_once(
    desk: Desk,
) -> None:
    await promise(desk)
    key = await on_hold(desk)
    paused = (await read(desk, key))["slaClocks"]
    assert [clock["state"] for clock in paused] == ["MET", "PAUSED"]
    before = await seen(desk, key)
    await follow(desk, said(key, desk.ada), said(key, desk.ada))
    after = await seen(desk, key)
    assert (after["status"]["key"], after["holdReason"]) == ("in_progress", None)
    assert after["version"] == before["version"] + 1
    new = after["history"]["nodes"][len(before["history"]["nodes"]) :]
    assert [each for each in new if each["field"] == "status"] == [
        {
            "kind": "STATUS_CHANGED",
            "field": "status",
            "via": "AUTOMATION",
            "actor": {"id": desk.ada},
            "note": "The requester replied.",
            "before": {"status": "on_hold", "holdReason": "REQUESTER"},
            "after": {"status": "in_progress", "holdReason": None},
        }
    ]
    running = (await read(desk, key))["slaClocks"]
    assert [clock["state"] for clock in running] == ["MET", "RUNNING"]


async def test_nothing_else_takes_a_ticket_off_hold(desk: Desk) -> None:
    key, vendor = await on_hold(desk), await on_hold(desk, "VENDOR")
    now = datetime.now(UTC)
    await follow(
        desk,
        said(key, desk.bob),
        said(key, desk.ada, visibility="INTERNAL"),
        said(key, desk.ada, kind="COMMENT_CHANGED"),
        said(key, desk.ada, kind="COMMENT_DELETED"),
        said(key, desk.ada, at=now - timedelta(minutes=2)),  # before it was on hold
        said(key, desk.ada, at=now - timedelta(days=9)),  # an import retells it
        said(vendor, desk.ada),
        said(new_id("tkt"), desk.ada),
    )
    for each, reason in ((key, "REQUESTER"), (vendor, "VENDOR")):
        ticket = await seen(desk, each)
        assert (ticket["status"]["key"], ticket["holdReason"]) == ("on_hold", reason)


async def test_for_which_reasons_a_reply_counts_is_a_setting(desk: Desk) -> None:
    async def set_(reasons: Any, *, by: Any = None) -> dict[str, Any]:
        given = {"resumeOnReply": reasons}
        found: dict[str, Any] = await desk.mutate(LIFECYCLE, given, by=by or desk.admin)
        return found

    payload = await set_(["VENDOR", "EVIDENCE", "VENDOR"])
    lasting = {"resumeOnReply": ["EVIDENCE", "VENDOR"]}
    assert payload == {"lifecycle": lasting, "userErrors": []}
    refusal = [{"code": "REQUIRED", "path": ["input", "resumeOnReply"]}]
    assert await set_(None) == {"lifecycle": None, "userErrors": refusal}
    key, vendor = await on_hold(desk), await on_hold(desk, "VENDOR")
    await follow(desk, said(key, desk.ada), said(vendor, desk.ada))
    assert (await seen(desk, key))["status"]["key"] == "on_hold"
    assert (await seen(desk, vendor))["status"]["key"] == "in_progress"
    assert (await set_([]))["lifecycle"] == {"resumeOnReply": []}
    another = await on_hold(desk, "VENDOR")
    await follow(desk, said(another, desk.ada))
    assert (await seen(desk, another))["status"]["key"] == "on_hold"


async def test_where_the_workflow_has_no_free_step_to_work_it_stays_on_hold(
    desk: Desk,
) -> None:
    step = {"type": "INCIDENT", "fromStatusKey": "on_hold"}
    given = {**step, "toStatusKey": "in_progress", "requiredFields": ["note"]}
    payload = await desk.mutate(SET, given, by=desk.admin)
    assert payload["userErrors"] == []
    key = await on_hold(desk)
    await follow(desk, said(key, desk.ada))
    assert (await seen(desk, key))["status"]["key"] == "on_hold"


async def test_who_is_mentioned_watches_the_ticket(desk: Desk) -> None:
    key = (await desk.open())["id"]
    eva, fred, gus = (desk.people.person() for _ in range(3))
    before = await seen(desk, key)
    await follow(
        desk,
        said(key, desk.bob, mentions=(eva, fred)),
        said(key, desk.bob, visibility="INTERNAL", mentions=(desk.bob, eva)),
        said(key, desk.bob, kind="COMMENT_CHANGED", mentions=(eva, gus)),
        said(key, desk.bob, kind="COMMENT_DELETED", mentions=(desk.ada,)),
    )
    ticket = await seen(desk, key)
    assert ticket["version"] == before["version"]
    assert sorted(
        (each["node"]["id"], each["reason"]) for each in ticket["watchers"]["edges"]
    ) == sorted(
        [(each, "MENTIONED") for each in (eva, fred, gus)] + [(desk.bob, "CC")]
    )  # nobody learns from it that there is a note
    added = [each for each in ticket["history"]["nodes"] if each["field"] == "watchers"]
    assert [(each["actor"]["id"], each["after"]["userId"]) for each in added] == [
        (desk.bob, each) for each in (eva, fred, desk.bob, gus)
    ]
    mine = {"subject": gus, "scopes": ["tickets:read"]}
    found = await desk.data(
        "query ($id: ID) { ticket(id: $id) { id } }", {"id": key}, **mine
    )
    assert found == {"ticket": {"id": key}}


async def test_a_reply_of_who_does_not_work_on_a_ticket_answers_nothing(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    onlooker, kinds = desk.people.person(), list[str]()
    for by, counts in ((onlooker, False), (desk.bob, True)):
        await follow(desk, said(key, by, desk=counts))
        history = (await seen(desk, key))["history"]["nodes"]
        kinds.append(history[-1]["kind"])
    assert kinds == ["CREATED", "RESPONDED"]


async def test_history_says_what_a_comment_came_through(desk: Desk) -> None:
    key = (await desk.open())["id"]
    named = [desk.people.person() for _ in range(3)]
    await follow(
        desk,
        said(key, desk.bob, mentions=(named[0],), source="WEB"),
        said(key, desk.bob, mentions=(named[1],), source="EMAIL"),
        said(key, desk.bob, mentions=(named[2],), source="WEB", by="sva_import"),
    )
    told = (await seen(desk, key))["history"]["nodes"]
    assert [(each["kind"], each["via"]) for each in told[-4:]] == [
        ("RESPONDED", "PORTAL"),
        ("FIELD_CHANGED", "PORTAL"),
        ("FIELD_CHANGED", "API"),
        ("FIELD_CHANGED", "API"),
    ]


async def test_who_stopped_watching_is_brought_back_only_where_named_anew(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    eva, fred = (desk.people.person() for _ in range(2))
    await follow(desk, said(key, desk.bob, mentions=(eva, fred)))
    for person in (eva, fred):
        given = {"id": key, "userId": person, "watch": False}
        assert (await desk.mutate(UNWATCH, given, by=desk.agent))["userErrors"] == []
    for anew, watching in (((), []), ((fred,), [fred])):
        changed = said(
            key, desk.bob, kind="COMMENT_CHANGED", mentions=(eva, fred), anew=anew
        )
        await follow(desk, changed)
        edges = (await seen(desk, key))["watchers"]["edges"]
        assert [each["node"]["id"] for each in edges] == watching


async def test_mentions_beyond_what_fits_stop_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgraphs.tickets.service.replies.MOST_WATCHERS", 1)
    key = await on_hold(desk)
    one, two = desk.people.person(), desk.people.person()
    await follow(
        desk, said(key, desk.bob, mentions=(one, two, one)), said(key, desk.ada)
    )
    ticket = await seen(desk, key)
    assert [each["node"]["id"] for each in ticket["watchers"]["edges"]] == [one]
    assert ticket["status"]["key"] == "in_progress"


async def test_a_status_out_of_use_is_no_way_back_to_work(desk: Desk) -> None:
    key = await on_hold(desk)
    statuses = await desk.data("{ ticketStatuses { id key } }", **desk.admin)
    (found,) = (s for s in statuses["ticketStatuses"] if s["key"] == "in_progress")
    given = {"id": found["id"], "retired": True}
    payload = await desk.mutate(UPDATE_STATUS, given, by=desk.admin)
    assert payload["userErrors"] == []
    await follow(desk, said(key, desk.ada))
    assert (await seen(desk, key))["status"]["key"] == "on_hold"
