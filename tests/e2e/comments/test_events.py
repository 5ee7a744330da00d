"""What happens to comments is an event, without a word of what was said."""

from typing import Any

from tests.e2e.comments.test_change import DELETE, UPDATE

Talk = Any  # the fixture's class; test folders are not packages

FEED = """
query ($after: String) {
  commentEventFeed(after: $after) {
    events { entityId seq kind actorId payload } nextCursor caughtUp
  }
}
"""
FOLLOWER = {"subject": "sva_1", "scopes": ["events:read"], "session": None}


async def told(talk: Talk) -> list[Any]:
    part = (await talk.data(FEED, {}, **FOLLOWER))["commentEventFeed"]
    assert part["caughtUp"]
    return part["events"]


async def test_what_is_said_changed_and_taken_back_is_told_without_its_words(
    talk: Talk,
) -> None:
    comment = await talk.say("My password is hunter2", mentionIds=[talk.bob])
    key = comment["id"]
    await talk.send(UPDATE, talk.requester, id=key, body="It is not hunter2")
    await talk.send(DELETE, talk.requester, id=key, reason="hunter2")
    note = await talk.note("hunter2", inReplyToId=key)
    events = await told(talk)
    assert "hunter2" not in str(events)
    assert [(each["entityId"], each["seq"], each["kind"]) for each in events] == [
        (key, 1, "COMMENT_ADDED"),
        (key, 2, "COMMENT_CHANGED"),
        (key, 3, "COMMENT_DELETED"),
        (note["id"], 1, "COMMENT_ADDED"),
    ]
    assert events[0]["actorId"] == talk.ada
    assert events[0]["payload"] == {
        "ticketId": talk.ticket,
        "authorId": talk.ada,
        "visibility": "PUBLIC",
        "source": "WEB",
        "mentionIds": [talk.bob],
        "inReplyToId": None,
        "saidAt": comment["createdAt"],
        "version": 1,
        "byRequester": True,
        "fromDesk": False,
    }
    last = events[-1]["payload"]
    assert (last["visibility"], last["byRequester"]) == ("INTERNAL", False)


async def test_a_change_tells_whom_it_names_anew(talk: Talk) -> None:
    key = (await talk.say("Hello", mentionIds=[talk.bob]))["id"]
    for mentions in ([talk.ada, talk.bob], [], [talk.bob]):
        changed = {"id": key, "body": "Hello", "mentionIds": mentions}
        answer = await talk.send(UPDATE, talk.requester, **changed)
        assert answer["userErrors"] == []
    await talk.send(UPDATE, talk.requester, id=key, body="Hello again")
    assert [
        (each["payload"]["mentionIds"], each["payload"]["newMentionIds"])
        for each in (await told(talk))[1:]
    ] == [
        ([talk.ada, talk.bob], [talk.ada]),
        ([], []),
        ([talk.bob], [talk.bob]),
        ([talk.bob], []),
    ]


async def test_what_was_refused_repeated_or_changed_nothing_is_no_event(
    talk: Talk,
) -> None:
    key = (await talk.say("Hello", idempotencyKey="once"))["id"]
    await talk.say("Hello", idempotencyKey="once")
    await talk.send(UPDATE, talk.requester, id=key, body="Hello")
    await talk.send(UPDATE, talk.requester, id=key, body="")
    await talk.send(DELETE, talk.stranger, id=key)
    assert len(await told(talk)) == 1


async def test_only_who_follows_events_is_told_them(talk: Talk) -> None:
    await talk.say()
    answer = await talk.ask(FEED, {}, **talk.agent)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
