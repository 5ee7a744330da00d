"""What the demo company has to show, asked as its pages would."""

from typing import Any

from helpnest.demo.catalogue import CUSTOM, ITEMS, QUEUES
from helpnest.demo.company import ADMIN, PERSONS
from helpnest.demo.credentials import Credentials
from helpnest.demo.graph import Graph
from helpnest.demo.ties import (
    BENCH,
    FIREWALL,
    LICENCE,
    PARTS,
    SLOW,
    TWICE,
    WIFI,
    ZERO,
)
from tests.support.operations.read import operations

NUMBERS = "{ tickets(first: 100) { nodes { number title approvalState } } }"
LAPTOP = "Laptop and accounts for a new colleague"
QUEUES_OF_ALL = "{ queues(mine: false) { name depth problem } }"


async def check_all_that_a_desk_does(client: Graph, known: Credentials) -> None:
    """See that there is something to show of everything."""
    email = PERSONS[ADMIN].email
    await client.sign_in(email, known.passwords[email])
    found = (await client.ask(NUMBERS, {}))["tickets"]["nodes"]
    assert {each["approvalState"] for each in found} == {None, "PENDING", "GRANTED"}
    numbers = {each["title"]: each["number"] for each in found}

    async def ticket(title: str) -> dict[str, Any]:
        text = operations()["ticket"].text
        seen = await client.ask(text, {"number": numbers[title]})
        return seen["ticket"]

    await check_catalogue_and_queues(client)
    zero, bench = await ticket(ZERO[0]), await ticket(BENCH[0])
    assert zero["details"]["knownError"]["title"] == BENCH[0]
    assert [each["key"] for each in zero["customFields"]] == ["assetTag"]
    assert bench["details"]["isKnownError"]
    assert [edge["node"]["title"] for edge in bench["links"]["edges"]] == [ZERO[0]]
    wifi = await ticket(WIFI[0])
    assert (wifi["details"]["major"], wifi["watchers"]["totalCount"]) == (True, 1)
    plan = (await ticket(FIREWALL[0]))["details"]
    assert plan["kind"] == "NORMAL"
    assert None not in plan.values()
    for title, consent in ((LICENCE[0], "GRANTED"), (LAPTOP, None)):
        request = await ticket(title)
        assert request["approvalState"] == consent
        assert len(request["details"]["formAnswers"]) == 3
    assert (await ticket(TWICE[0]))["mergedInto"]["title"] == SLOW[0]
    check_the_parent(await ticket(SLOW[0]))


def check_the_parent(slow: dict[str, Any]) -> None:
    """See that a ticket has its parts, and that those who work on it talk."""
    below = [e for e in slow["links"]["edges"] if e["kind"] == "PARENT_OF"]
    assert {edge["node"]["title"] for edge in below} == {title for title, _ in PARTS}
    notes = [e for e in slow["comments"]["nodes"] if e["visibility"] == "INTERNAL"]
    named = [each["name"] for note in notes for each in note["mentions"]]
    assert named == [PERSONS["marek"].name]
    assert [note["inReplyTo"] is not None for note in notes] == [False, True]


async def check_catalogue_and_queues(client: Graph) -> None:
    """See that people can ask for things, and that agents have their lists."""
    shown = operations()
    catalogue = (await client.ask(shown["catalogue"].text, {}))["catalog"]
    assert {item["name"] for item in catalogue} == set(ITEMS)
    assert all(item["fields"] for item in catalogue)
    fields = await client.ask(shown["ticket-fields"].text, {"type": "INCIDENT"})
    kept = {field["key"] for field in fields["customFields"]}
    assert kept == {field["key"] for field, _ in CUSTOM}
    queues = (await client.ask(QUEUES_OF_ALL, {}))["queues"]
    assert {queue["name"] for queue in queues} == set(QUEUES)
    assert all(queue["depth"] and not queue["problem"] for queue in queues)
