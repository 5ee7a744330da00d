"""What must not stand in an input of comments is refused, wherever it stands."""

from typing import Any

from tests.support.bad_input import Json, try_everything

Talk = Any  # the fixture's class; test folders are not packages


async def inputs(talk: Talk) -> dict[str, Json]:
    """Give each mutation an input that would be done."""
    one = (await talk.say(by=talk.agent))["id"]
    two = (await talk.say(by=talk.agent))["id"]
    return {
        "addComment": {
            "ticketId": talk.ticket,
            "visibility": "PUBLIC",
            "body": "Hello",
            "inReplyToId": one,
            "mentionIds": [talk.ada],
        },
        "updateComment": {"id": one, "body": "Good day", "mentionIds": [talk.ada]},
        "deleteComment": {"id": two, "reason": "Twice"},
    }


async def test_what_must_not_stand_in_an_input_is_refused_wherever_it_stands(
    talk: Talk,
) -> None:
    scopes = [*talk.agent["scopes"], "tickets:import"]
    who = {**talk.agent, "scopes": scopes}
    assert await try_everything(talk, "comments", await inputs(talk), who) > 30
