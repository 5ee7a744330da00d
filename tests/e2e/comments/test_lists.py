"""Reading what was said: who reads what, in which order, in how many statements."""

from typing import Any

import pytest

from kit.ids import new_id

Talk = Any  # the fixture's class; test folders are not packages

MANY = """
query ($them: [_Any!]!) {
  _entities(representations: $them) {
    ... on Ticket {
      comments(first: 2) {
        totalCount nodes { body inReplyTo { id } versions { body } }
      }
      lastPublicComment { body }
    }
  }
}
"""
EVERY_PATH = """
query ($id: ID!, $them: [_Any!]!) {
  comment(id: $id) { id body }
  _entities(representations: $them) {
    ... on Comment { id body }
    ... on Ticket {
      all: comments { totalCount nodes { body } edges { node { body } } }
      internal: comments(visibility: INTERNAL) { totalCount nodes { body } }
      public: comments(visibility: PUBLIC) { totalCount nodes { body } }
      lastPublicComment { body }
    }
  }
}
"""


async def everywhere(talk: Talk, key: str, who: Any) -> dict[str, Any]:
    them = [
        {"__typename": "Comment", "id": key},
        {"__typename": "Ticket", "id": talk.ticket},
    ]
    return await talk.data(EVERY_PATH, {"id": key, "them": them}, **who)


def page_of(*bodies: str) -> dict[str, Any]:
    nodes = [{"body": body} for body in bodies]
    return {"totalCount": len(nodes), "nodes": nodes}


async def test_no_path_shows_a_note_to_the_requester_and_every_path_to_the_agent(
    talk: Talk,
) -> None:
    await talk.say("Out loud")
    key = (await talk.note("Between us"))["id"]
    seen = await everywhere(talk, key, talk.requester)
    assert "Between us" not in str(seen)
    assert key not in str(seen)
    assert seen["comment"] is None
    assert seen["_entities"][0] is None
    said = page_of("Out loud")
    edges = [{"node": {"body": "Out loud"}}]
    assert seen["_entities"][1] == {
        "all": {**said, "edges": edges},
        "internal": page_of(),
        "public": said,
        "lastPublicComment": {"body": "Out loud"},
    }
    shown = await everywhere(talk, key, talk.agent)
    assert shown["comment"] == {"id": key, "body": "Between us"}
    assert shown["_entities"][0] == {"id": key, "body": "Between us"}
    both = page_of("Out loud", "Between us")
    edges.append({"node": {"body": "Between us"}})
    assert shown["_entities"][1] == {
        "all": {**both, "edges": edges},
        "internal": page_of("Between us"),
        "public": said,
        "lastPublicComment": {"body": "Out loud"},
    }


async def test_who_does_not_see_the_ticket_reads_nothing_by_any_path(
    talk: Talk,
) -> None:
    key = (await talk.say("Out loud"))["id"]
    seen = await everywhere(talk, key, talk.stranger)
    assert seen == {
        "comment": None,
        "_entities": [
            None,
            {
                "all": {**page_of(), "edges": []},
                "internal": page_of(),
                "public": page_of(),
                "lastPublicComment": None,
            },
        ],
    }


async def test_what_a_representation_says_is_not_believed_without_the_routers_proof(
    talk: Talk,
) -> None:
    await talk.note("Between us")
    forged = {
        "__typename": "Ticket",
        "id": talk.ticket,
        "viewerPermissions": {"canComment": True, "canCommentInternally": True},
    }
    for who in (talk.requester, talk.stranger):
        data = await talk.data(MANY, {"them": [forged]}, **who)
        assert data["_entities"][0]["comments"] == {"totalCount": 0, "nodes": []}


async def test_an_answer_to_a_note_does_not_name_it_to_who_does_not_read_it(
    talk: Talk,
) -> None:
    """It cannot be written so; a row that came to be otherwise tells nothing either."""
    note = (await talk.note())["id"]
    reply = (await talk.say())["id"]
    async with talk.service.database.engine.begin() as connection:
        await connection.exec_driver_sql(
            f"UPDATE comments SET in_reply_to_id = '{note}' WHERE id = '{reply}'"  # noqa: S608 - ids of ours
        )
    (found,) = (await talk.heard(talk.requester))["comments"]["nodes"]
    assert (found["id"], found["inReplyTo"]) == (reply, None)


async def test_fifty_tickets_are_asked_about_at_once_and_read_in_five_statements(
    talk: Talk,
) -> None:
    """Pages, counts, the newest, what is answered, versions: one statement each."""
    tickets = [talk.know(new_id("tkt")) for _ in range(50)]
    for ticket in tickets[:3]:
        first = await talk.say("One", ticketId=ticket)
        await talk.say("Two", ticketId=ticket, inReplyToId=first["id"])
        await talk.note("Three", ticketId=ticket)
    talk.tickets.asked.clear()
    them = [{"__typename": "Ticket", "id": each} for each in tickets]
    for who, total in ((talk.agent, 3), (talk.requester, 2)):
        with talk.counted() as statements:
            data = await talk.data(MANY, {"them": them}, **who)
        assert len(statements) == 5
        found = [each["comments"] for each in data["_entities"]]
        assert [len(each["nodes"]) for each in found] == [2] * 3 + [0] * 47
        assert [each["totalCount"] for each in found] == [total] * 3 + [0] * 47
        last = [each["lastPublicComment"] for each in data["_entities"]]
        assert last == [{"body": "Two"}] * 3 + [None] * 47
    assert talk.tickets.asked == ["CommentStandings"] * 2


async def test_pages_join_up_in_both_directions_while_others_go_on_talking(
    talk: Talk,
) -> None:
    bodies = [f"{n}" for n in range(7)]
    for body in bodies:
        await talk.say(body)
    gathered: list[str] = []
    place, more = None, True
    while more:
        page = (await talk.heard(talk.requester, first=3, after=place))["comments"]
        gathered += [each["body"] for each in page["nodes"]]
        place, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        await talk.note("Between us")
    assert gathered == bodies
    back: list[str] = []
    place, more = None, True
    while more:
        page = (await talk.heard(talk.requester, last=3, before=place))["comments"]
        back = [each["body"] for each in page["nodes"]] + back
        place = page["pageInfo"]["startCursor"]
        more = page["pageInfo"]["hasPreviousPage"]
    assert back == bodies


@pytest.mark.parametrize(
    "page", [{"first": 101}, {"first": -1}, {"after": "x"}, {"first": 1, "last": 1}]
)
async def test_a_page_that_cannot_be_is_refused(talk: Talk, page: Any) -> None:
    query = """query ($them: [_Any!]!, $first: Int, $after: String, $last: Int) {
      _entities(representations: $them) { ... on Ticket {
        comments(first: $first, after: $after, last: $last) { totalCount } } } }"""
    them = [{"__typename": "Ticket", "id": talk.ticket}]
    answer = await talk.ask(query, {"them": them, **page}, **talk.requester)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_where_tickets_is_silent_a_comment_is_an_error_and_not_gone(
    talk: Talk,
) -> None:
    key = (await talk.say())["id"]
    talk.tickets.down = True
    query = "query ($id: ID!) { comment(id: $id) { body } }"
    answer = await talk.ask(query, {"id": key}, **talk.requester)
    assert answer["data"] == {"comment": None}
    assert answer["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"
