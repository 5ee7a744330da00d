"""Saying something: for whom, by whom, about what, in answer to what."""

from typing import Any

import pytest

from kit.ids import new_id

Talk = Any  # the fixture's class; test folders are not packages

ADD = """
mutation ($in: AddCommentInput!) {
  addComment(input: $in) {
    repeated userErrors { code path } commentEdge { node { id } }
  }
}
"""
IMPORTER = {
    "subject": new_id("sva"),
    "scopes": ["tickets:read", "tickets:write", "tickets:work", "tickets:import"],
    "session": None,
}


def given(talk: Talk, **more: Any) -> dict[str, Any]:
    return {
        "ticketId": talk.ticket,
        "visibility": "PUBLIC",
        "body": "Hello",
        **more,
    }


async def test_a_reply_is_what_was_said_by_whom_and_through_what(talk: Talk) -> None:
    comment = await talk.say("Is it **plugged in**?\nPlease look.")
    assert comment == {
        "id": comment["id"],
        "visibility": "PUBLIC",
        "source": "WEB",
        "body": "Is it **plugged in**?\nPlease look.",
        "bodyHtml": "<p>Is it <strong>plugged in</strong>?<br>\nPlease look.</p>",
        "version": 1,
        "createdAt": comment["createdAt"],
        "editedAt": None,
        "deletedAt": None,
        "deletionReason": None,
        "author": {"id": talk.ada},
        "deletedBy": None,
        "mentions": [],
        "inReplyTo": None,
        "ticket": {"id": talk.ticket},
        "versions": [],
        "viewerCanEdit": True,
        "viewerCanDelete": True,
    }


HOSTILE = {
    "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](javascript:alert(1))": "[x](javascript:alert(1))",
    "[x](data:text/html,x)": "[x](data:text/html,x)",
    "![x](https://t.example/x.png)": '!<a href="https://t.example/x.png" '
    'rel="nofollow noopener noreferrer">x</a>',
    "<b onclick=x>": "&lt;b onclick=x&gt;",
    "[x](//t.example)": "[x](//t.example)",
    "[x](javascript\u200b:alert(1))": "[x](javascript\u200b:alert(1))",
    "[x](tel:1)": "[x](tel:1)",
    "[x]()": '<a rel="nofollow noopener noreferrer">x</a>',
}


@pytest.mark.parametrize("body", HOSTILE)
async def test_what_a_browser_would_run_becomes_text(talk: Talk, body: str) -> None:
    comment = await talk.say(body)
    assert comment["body"] == body
    assert comment["bodyHtml"] == f"<p>{HOSTILE[body]}</p>"


async def test_only_who_works_on_a_ticket_writes_notes_on_it(talk: Talk) -> None:
    note = await talk.note()
    assert note["visibility"] == "INTERNAL"
    refused = await talk.refused(
        ADD, talk.requester, **given(talk, visibility="INTERNAL")
    )
    assert refused == ["FORBIDDEN", "input", "visibility"]


async def test_who_does_not_see_a_ticket_gets_what_there_is_of_one_that_is_not(
    talk: Talk,
) -> None:
    gone = given(talk, ticketId=new_id("tkt"))
    for by, whole in ((talk.stranger, given(talk)), (talk.agent, gone)):
        assert await talk.refused(ADD, by, **whole) == [
            "NOT_FOUND",
            "input",
            "ticketId",
        ]


async def test_nobody_replies_on_a_ticket_that_is_over_but_notes_are_taken(
    talk: Talk,
) -> None:
    talk.tickets.over.add(talk.ticket)
    for by in (talk.requester, talk.agent):
        assert await talk.refused(ADD, by, **given(talk)) == ["TICKET_CLOSED"]
    assert (await talk.note())["body"] == "Between us"


async def test_who_may_only_look_says_nothing(talk: Talk) -> None:
    talk.tickets.seen[talk.ada, talk.ticket] = (False, False)
    assert await talk.refused(ADD, talk.requester, **given(talk)) == ["FORBIDDEN"]


WIDE = "|a" * 300 + "\n" + "|-" * 300 + "\n" + "|a\n" * 6000
"""A table of 300 columns whose rows say one cell each: 700,000 characters of HTML."""

BAD = {
    "nothing": ({"body": " \n"}, ["REQUIRED", "input", "body"]),
    "nothing to be seen": ({"body": "\u200b\u202e "}, ["REQUIRED", "input", "body"]),
    "too long as HTML": ({"body": WIDE}, ["TOO_LONG", "input", "body"]),
    "too long": ({"body": "x" * 20_001}, ["TOO_LONG", "input", "body"]),
    "a control character": ({"body": "a\u0007"}, ["INVALID", "input", "body"]),
    "NUL": ({"body": "a\u0000"}, ["INVALID", "input", "body"]),
    "no ticket's id": ({"ticketId": "usr_1"}, ["NOT_FOUND", "input", "ticketId"]),
    "an answer to no comment": (
        {"inReplyToId": "x" * 100},
        ["NOT_FOUND", "input", "inReplyToId"],
    ),
    "nobody": ({"mentionIds": ["x"]}, ["NOT_FOUND", "input", "mentionIds"]),
    "too many": (
        {"mentionIds": [new_id("usr") for _ in range(21)]},
        ["TOO_LONG", "input", "mentionIds"],
    ),
    "a source": ({"source": "EMAIL"}, ["FORBIDDEN", "input", "source"]),
    "an instant": (
        {"occurredAt": "2020-01-01T00:00:00Z"},
        ["FORBIDDEN", "input", "occurredAt"],
    ),
    "an author": ({"actorId": new_id("usr")}, ["FORBIDDEN", "input", "actorId"]),
}


@pytest.mark.parametrize("what", BAD)
async def test_bad_input_is_named_and_nothing_is_written(talk: Talk, what: str) -> None:
    more, says = BAD[what]
    assert await talk.refused(ADD, talk.requester, **given(talk, **more)) == says


async def test_a_reply_answers_a_comment_of_the_same_ticket_that_its_author_reads(
    talk: Talk,
) -> None:
    first, note = await talk.say(), await talk.note()
    answer = await talk.say("Yes", inReplyToId=first["id"])
    assert answer["inReplyTo"] == {"id": first["id"]}
    assert (await talk.note(inReplyToId=note["id"]))["inReplyTo"] == {"id": note["id"]}
    assert (await talk.note(inReplyToId=first["id"]))["inReplyTo"] == {
        "id": first["id"]
    }
    where = ["input", "inReplyToId"]
    hidden = given(talk, inReplyToId=note["id"])
    assert await talk.refused(ADD, talk.requester, **hidden) == ["NOT_FOUND", *where]
    assert await talk.refused(ADD, talk.agent, **hidden) == ["INVALID", *where]
    other = given(talk, ticketId=talk.know(new_id("tkt")), inReplyToId=first["id"])
    assert await talk.refused(ADD, talk.agent, **other) == ["NOT_FOUND", *where]


async def test_a_comment_names_only_people_who_would_read_it(talk: Talk) -> None:
    analyst = talk.tickets.person("tickets:read", "tickets:read_all")
    left = talk.tickets.person("tickets:work", active=False)
    outsider = talk.tickets.person("tickets:read", "tickets:write")
    other = talk.tickets.person("tickets:read", "tickets:work", "tickets:read_group")
    reply = await talk.say(mentionIds=[talk.bob, talk.ada, analyst, talk.bob])
    assert [each["id"] for each in reply["mentions"]] == [talk.bob, talk.ada, analyst]
    assert (await talk.note(mentionIds=[talk.bob]))["mentions"] == [{"id": talk.bob}]
    where = ["MENTION_NOT_PERMITTED", "input", "mentionIds"]
    for them, visibility in (
        ([talk.bob, outsider], "PUBLIC"),
        ([left], "PUBLIC"),
        ([other], "PUBLIC"),
        ([other], "INTERNAL"),
        ([talk.ada], "INTERNAL"),
        ([analyst], "INTERNAL"),
    ):
        whole = given(talk, mentionIds=them, visibility=visibility)
        assert await talk.refused(ADD, talk.agent, **whole) == where


async def test_a_mention_shows_a_note_to_nobody(talk: Talk) -> None:
    """Users says that Ada works on it, so she is named; tickets says she does not."""
    talk.tickets.people[talk.ada]["roles"][0]["role"]["permissions"].append(
        "tickets:work"
    )
    note = await talk.note(mentionIds=[talk.ada])
    assert (await talk.heard(talk.requester))["comments"]["nodes"] == []
    one = "query ($id: ID!) { comment(id: $id) { id } }"
    data = await talk.data(one, {"id": note["id"]}, **talk.requester)
    assert data == {"comment": None}


async def test_the_same_request_sent_again_says_nothing_twice(talk: Talk) -> None:
    whole = given(talk, idempotencyKey="once")
    first = await talk.send(ADD, talk.requester, **whole)
    again = await talk.send(ADD, talk.requester, **whole)
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["commentEdge"] == again["commentEdge"]
    assert len((await talk.everything())[0]) == 1
    other = await talk.ask(ADD, {"in": {**whole, "body": "Else"}}, **talk.requester)
    assert other["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert len((await talk.everything())[0]) == 1


async def test_an_import_retells_who_said_what_when_and_through_what(
    talk: Talk,
) -> None:
    talk.tickets.seen[IMPORTER["subject"], talk.ticket] = (True, True)
    told = await talk.say(
        by=IMPORTER,
        occurredAt="2016-03-01T08:00:00Z",
        actorId=talk.bob,
        source="EMAIL",
    )
    assert (told["createdAt"], told["author"], told["source"]) == (
        "2016-03-01T08:00:00.000Z",
        {"id": talk.bob},
        "EMAIL",
    )
    own = await talk.say(by=IMPORTER)
    assert (own["author"], own["source"]) == (None, "API")
    for more, field in (
        ({"source": "SYSTEM"}, "source"),
        ({"occurredAt": "8000-01-01T00:00:00Z"}, "occurredAt"),
        ({"actorId": new_id("sva")}, "actorId"),
    ):
        refused = await talk.refused(ADD, IMPORTER, **given(talk, **more))
        assert refused == ["INVALID", "input", field]


async def test_where_tickets_is_silent_nothing_is_written_and_it_says_so(
    talk: Talk,
) -> None:
    talk.tickets.down = True
    assert await talk.refused(ADD, talk.requester, **given(talk)) == ["UNAVAILABLE"]
