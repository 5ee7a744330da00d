"""The list of what was said about a ticket goes on from its own places alone."""

from typing import Any

from tests.support.bad_cursors import try_cursors

Talk = Any  # the fixture's class; test folders are not packages

LISTS = {
    "comments": """query ($after: String, $them: [_Any!]!) {
      _entities(representations: $them) { ... on Ticket {
        comments(first: 1, after: $after) { edges { cursor } } } } }""",
}


async def test_a_list_goes_on_from_its_own_places_alone(talk: Talk) -> None:
    for body in ("Hello", "Anybody?"):
        await talk.say(body)
    them = [{"__typename": "Ticket", "id": talk.ticket}]
    variables, both_ways = {"them": them}, {"comments"}
    await try_cursors(talk, LISTS, variables, talk.agent, both_ways=both_ways)
