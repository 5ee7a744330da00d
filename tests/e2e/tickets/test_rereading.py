"""Several mutations in one request: each payload shows what it came to."""

from typing import Any

Desk = Any  # the fixture's class; test folders are not packages

TWICE = """mutation Twice($one: WatchTicketInput!, $two: WatchTicketInput!) {
  one: watchTicket(input: $one) { ticket { ...Now } }
  two: watchTicket(input: $two) { ticket { ...Now } }
}
fragment Now on Ticket { watchers { totalCount nodes { id } }
  history { totalCount nodes { seq } } }"""
OPEN = """mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
  ticket { id } } }"""


async def test_the_second_payload_does_not_repeat_what_the_first_has_read(
    desk: Desk,
) -> None:
    given = {"type": "INCIDENT", "title": "Printer on fire"}
    key = (await desk.mutate(OPEN, given))["ticket"]["id"]
    people = [desk.people.person(), desk.people.person()]
    one, two = ({"id": key, "userId": who, "watch": True} for who in people)
    data = await desk.data(TWICE, {"one": one, "two": two}, **desk.agent)
    watchers = [data[name]["ticket"]["watchers"] for name in ("one", "two")]
    assert watchers[0] == {"totalCount": 1, "nodes": [{"id": people[0]}]}
    assert (watchers[1]["totalCount"], len(watchers[1]["nodes"])) == (2, 2)
    counts = [data[name]["ticket"]["history"]["totalCount"] for name in ("one", "two")]
    assert counts == [2, 3]
