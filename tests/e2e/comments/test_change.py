"""A comment is changed while fresh, taken back with a trace, and never widened."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from kit.ids import new_id
from subgraphs.comments.models import CommentRow

Talk = Any  # the fixture's class; test folders are not packages

UPDATE = """
mutation ($in: UpdateCommentInput!) {
  updateComment(input: $in) {
    userErrors { code path }
    comment { id body bodyHtml version visibility editedAt versions { version body } }
  }
}
"""
DELETE = """
mutation ($in: DeleteCommentInput!) {
  deleteComment(input: $in) {
    deletedId userErrors { code path } ticket { id }
    comment {
      id body bodyHtml version visibility deletionReason deletedBy { id }
      mentions { id }
      versions { body } viewerCanEdit viewerCanDelete
    }
  }
}
"""


async def age(talk: Talk, key: str, by: timedelta) -> None:
    """Let a comment have been written earlier."""
    async with talk.service.database.unit_of_work() as session:
        await session.execute(
            update(CommentRow)
            .where(CommentRow.id == key)
            .values(written_at=CommentRow.written_at - by)
        )


async def test_its_author_changes_a_comment_and_what_it_said_is_kept(
    talk: Talk,
) -> None:
    key = (await talk.say("Helo"))["id"]
    payload = await talk.send(UPDATE, talk.requester, id=key, body="Hello *you*")
    assert payload["userErrors"] == []
    changed = payload["comment"]
    assert changed["editedAt"] is not None
    assert changed | {"editedAt": None} == {
        "id": key,
        "body": "Hello *you*",
        "bodyHtml": "<p>Hello <em>you</em></p>",
        "version": 2,
        "visibility": "PUBLIC",
        "editedAt": None,
        "versions": [{"version": 1, "body": "Helo"}],
    }
    same = await talk.send(UPDATE, talk.requester, id=key, body="Hello *you*")
    assert same["comment"] == changed


async def test_what_it_said_before_is_for_its_author_and_who_works_on_the_ticket(
    talk: Talk,
) -> None:
    mine = (await talk.say("Helo", by=talk.agent))["id"]
    await talk.send(UPDATE, talk.agent, id=mine, body="Hello")
    for by, versions in ((talk.agent, ["Helo"]), (talk.requester, [])):
        (found,) = (await talk.heard(by))["comments"]["nodes"]
        assert [each["body"] for each in found["versions"]] == versions


async def test_nobody_else_changes_it_nor_its_author_after_a_quarter_of_an_hour(
    talk: Talk,
) -> None:
    key = (await talk.say())["id"]
    admin = {**talk.agent, "scopes": [*talk.agent["scopes"], "tickets:manage"]}
    for by in (talk.agent, admin):
        assert await talk.refused(UPDATE, by, id=key, body="x") == [
            "FORBIDDEN",
            "input",
            "id",
        ]
    await age(talk, key, timedelta(minutes=15))
    late = await talk.refused(UPDATE, talk.requester, id=key, body="x")
    assert late == ["EDIT_WINDOW_PASSED", "input", "id"]
    late = await talk.refused(DELETE, talk.requester, id=key)
    assert late == ["EDIT_WINDOW_PASSED", "input", "id"]
    (found,) = (await talk.heard(talk.requester))["comments"]["nodes"]
    assert (found["viewerCanEdit"], found["viewerCanDelete"]) == (False, False)


@pytest.mark.parametrize("mutation", [UPDATE, DELETE])
async def test_what_one_does_not_read_cannot_be_changed_and_seems_not_to_be_there(
    talk: Talk, mutation: str
) -> None:
    note, reply = (await talk.note())["id"], (await talk.say())["id"]
    body = {"body": "x"} if mutation == UPDATE else {}
    for by, key in (
        (talk.requester, note),
        (talk.stranger, reply),
        (talk.agent, new_id("cmt")),
        (talk.agent, new_id("tkt")),
        (talk.agent, "é" * 300),
    ):
        refused = await talk.refused(mutation, by, id=key, **body)
        assert refused == ["NOT_FOUND", "input", "id"]


async def test_a_deleted_comment_leaves_its_place_and_no_word_of_what_it_said(
    talk: Talk,
) -> None:
    comment = await talk.say("My password is hunter2", mentionIds=[talk.bob])
    key = comment["id"]
    payload = await talk.send(DELETE, talk.requester, id=key, reason=" A secret ")
    gone = {
        "id": key,
        "body": "",
        "bodyHtml": "",
        "version": 2,
        "visibility": "PUBLIC",
        "deletionReason": "A secret",
        "deletedBy": {"id": talk.ada},
        "mentions": [],
        "versions": [],
        "viewerCanEdit": False,
        "viewerCanDelete": False,
    }
    assert payload == {
        "deletedId": key,
        "userErrors": [],
        "ticket": {"id": talk.ticket},
        "comment": gone,
    }
    for by in (talk.requester, talk.agent):
        found = await talk.heard(by)
        assert [each["id"] for each in found["comments"]["nodes"]] == [key]
        assert "hunter2" not in str(found)
        assert found["lastPublicComment"] is None
    again = await talk.refused(DELETE, talk.requester, id=key)
    assert again == ["FORBIDDEN", "input", "id"]
    changed = await talk.refused(UPDATE, talk.requester, id=key, body="x")
    assert changed == ["FORBIDDEN", "input", "id"]


async def test_who_keeps_order_deletes_what_others_said_however_old(
    talk: Talk,
) -> None:
    key = (await talk.say())["id"]
    await age(talk, key, timedelta(days=400))
    assert await talk.refused(DELETE, talk.agent, id=key) == [
        "FORBIDDEN",
        "input",
        "id",
    ]
    admin = {**talk.agent, "scopes": [*talk.agent["scopes"], "tickets:manage"]}
    payload = await talk.send(DELETE, admin, id=key, reason="Rude")
    assert payload["comment"]["deletedBy"] == {"id": talk.bob}


@pytest.mark.parametrize("mutation", [UPDATE, DELETE])
async def test_who_saw_an_older_version_is_shown_the_newer(
    talk: Talk, mutation: str
) -> None:
    key = (await talk.say("One"))["id"]
    await talk.send(UPDATE, talk.requester, id=key, body="Two", expectedVersion=1)
    body = {"body": "Three"} if mutation == UPDATE else {}
    given = {"id": key, "expectedVersion": 1, **body}
    assert await talk.refused(mutation, talk.requester, **given) == [
        "STALE",
        "input",
        "expectedVersion",
    ]
    payload = await talk.send(mutation, talk.requester, **given)
    assert payload["comment"]["body"] == "Two"
    assert payload.get("deletedId") is None


async def test_bad_input_changes_nothing(talk: Talk) -> None:
    key = (await talk.say())["id"]
    for mutation, given, says in (
        (UPDATE, {"body": ""}, ["REQUIRED", "input", "body"]),
        (UPDATE, {"body": "x" * 20_001}, ["TOO_LONG", "input", "body"]),
        (UPDATE, {"body": "\u0000x"}, ["INVALID", "input", "body"]),
        (DELETE, {"reason": "x" * 501}, ["TOO_LONG", "input", "reason"]),
        (DELETE, {"reason": "a\u0007b"}, ["INVALID", "input", "reason"]),
    ):
        assert await talk.refused(mutation, talk.requester, id=key, **given) == says


@pytest.mark.parametrize("mutation", [UPDATE, DELETE])
async def test_where_tickets_is_silent_nothing_changes_and_it_says_so(
    talk: Talk, mutation: str
) -> None:
    key = (await talk.say())["id"]
    talk.tickets.down = True
    body = {"body": "x"} if mutation == UPDATE else {}
    refused = await talk.refused(mutation, talk.requester, id=key, **body)
    assert refused == ["UNAVAILABLE"]


NEVER = (
    "UPDATE comments SET visibility = 'PUBLIC'",
    "UPDATE comments SET ticket_id = 'tkt_x'",
    "UPDATE comments SET author_id = 'usr_x'",
    "DELETE FROM comments",
    "TRUNCATE comments CASCADE",
    "UPDATE comment_versions SET body = 'x'",
    "DELETE FROM comment_versions",
)


@pytest.mark.parametrize("statement", NEVER)
async def test_the_database_itself_widens_nothing_and_loses_nothing(
    talk: Talk, statement: str
) -> None:
    key = (await talk.note())["id"]
    await talk.send(UPDATE, talk.agent, id=key, body="Still between us")
    before = await talk.everything()
    with pytest.raises(DBAPIError, match="Comments are kept"):
        async with talk.service.database.unit_of_work() as session:
            await session.execute(text(statement))
    assert await talk.everything() == before
