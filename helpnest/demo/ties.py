"""What ties the demo company's tickets together, once all of them are there.

A problem with its incidents, a change with its plan, a parent with its parts, a merged
ticket, who watches, and who was called in by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from helpnest.demo.graph import Graph

Ids = Mapping[str, str]
Tickets = Mapping[tuple[str, str], str]
"""Ids of tickets by their title and who opened them."""

BENCH: Final = ("Bench 4 drifts: what is behind it", "mei")
ZERO: Final = ("Bench 4 loses its zero every hour", "bogdan")
LINE: Final = ("Line to the second site is full every afternoon", "marek")
CALLS: Final = ("Video calls freeze in the afternoon", "hanna")
WIFI: Final = ("No Wi-Fi in hall 2", "samuel")
GATE: Final = ("Hand scanners drop out near gate 3", "vera")
POINT: Final = ("Add an access point above gate 3", "joris")
FIREWALL: Final = ("Replace the firewall of the second site", "tomasz")
MOVE: Final = ("Move the ledger to the new database server", "marek")
SLOW: Final = ("Order desk is slow since this morning", "yara")
PARTS: Final = (
    ("Offers take minutes to print", "marcus"),
    ("Order desk does not find customers", "hanna"),
)
TWICE: Final = ("Cannot work: the order desk hangs", "kofi")
LICENCE: Final = ("Licence for the design program", "sunniva")

LINKS: Final = (
    (ZERO, BENCH, "CAUSED_BY"),
    (CALLS, LINE, "CAUSED_BY"),
    (GATE, POINT, "RESOLVED_BY"),
    (WIFI, GATE, "RELATES_TO"),
    *((SLOW, part, "PARENT_OF") for part in PARTS),
)
WATCHERS: Final = (
    (WIFI, "gudrun"),
    (FIREWALL, "marek"),
    (FIREWALL, "gudrun"),
    (SLOW, "hanna"),
)
AT_ONCE: Final = 100
"""Tickets in one `concludeImport`."""


def details_of(tickets: Tickets, now: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Say what tickets have by their type that was found out later."""
    start = (now + timedelta(days=9)).replace(hour=6, minute=0)
    known = "Restart the bench between two customers, and check every certificate."
    yield (
        BENCH,
        {
            "problem": {
                "rootCause": "Reference supplies of that year lose their voltage as "
                "they grow warm.",
                "workaround": known,
                "isKnownError": True,
            }
        },
    )
    yield (
        LINE,
        {
            "problem": {
                "rootCause": "The backup ran into the day.",
                "isKnownError": False,
            }
        },
    )
    yield ZERO, {"incident": {"knownError": tickets[BENCH]}}
    yield WIFI, {"incident": {"major": True}}
    yield (
        FIREWALL,
        {
            "change": {
                "kind": "NORMAL",
                "risk": "MEDIUM",
                "plannedStartAt": start.isoformat(),
                "plannedEndAt": (start + timedelta(hours=4)).isoformat(),
                "backoutPlan": "The old one stays in its place, unplugged, for a week.",
            }
        },
    )
    yield (
        MOVE,
        {
            "change": {
                "kind": "NORMAL",
                "risk": "HIGH",
                "backoutPlan": "The old server stays as it is for two weeks.",
            }
        },
    )
    yield POINT, {"change": {"kind": "STANDARD", "risk": "LOW"}}


async def tie(graph: Graph, people: Ids, tickets: Tickets, now: datetime) -> None:
    """Do what is done to several tickets, or to one when the others are there."""
    past = {"occurredAt": (now - timedelta(minutes=20)).isoformat()}
    by = {**past, "actorId": people["lucia"]}
    for ticket, given in details_of(tickets, now):
        await graph.write(
            "updateTicketDetails",
            {"id": tickets[ticket], "details": given, **by},
            "ticket { id }",
            f"details:{ticket[0]}",
        )
    for start, end, kind in LINKS:
        them = {"fromId": tickets[start], "toId": tickets[end], "kind": kind}
        await graph.write("linkTickets", them, "edge { kind }", f"link:{start}:{end}")
    for ticket, who in WATCHERS:
        them = {"id": tickets[ticket], "userId": people[who], "watch": True}
        key = f"watch:{ticket[0]}:{who}"
        await graph.write("watchTicket", them, "ticket { id }", key)
    merged = {"intoId": tickets[SLOW], "fromIds": [tickets[TWICE]]}
    await graph.write("mergeTickets", merged, "ticket { id }", "merge")
    agreed = {"id": tickets[LICENCE], "state": "GRANTED", "note": "Within the budget."}
    await graph.write("recordApproval", agreed, "ticket { id }", "approval")
    await call_in(graph, people, tickets[SLOW], past)
    away: dict[str, object] = {
        "userId": people["femi"],
        "availability": "AWAY",
        "startsAt": (now + timedelta(days=2)).isoformat(),
        "until": (now + timedelta(days=9)).isoformat(),
    }
    await graph.write("setAvailability", away, "user { id }", "away:femi")


async def call_in(graph: Graph, people: Ids, ticket: str, past: dict[str, str]) -> None:
    """Let an agent ask another by name, get an answer, and tell the requester."""
    said = (
        ("joris", "INTERNAL", "Marek, is that the storage again?", "marek"),
        ("marek", "INTERNAL", "No: one query of the new price list. I look at it.", ""),
        ("joris", "PUBLIC", "We know what it is and mend it today.", ""),
    )
    earlier: str | None = None
    for number, (who, visibility, body, named) in enumerate(said):
        given: dict[str, object] = {
            "ticketId": ticket,
            "visibility": visibility,
            "body": body,
            "mentionIds": [people[named]] if named else [],
            "inReplyToId": earlier if visibility == "INTERNAL" else None,
            "actorId": people[who],
            **past,
        }
        what, key = "commentEdge { node { id } }", f"call:{number}"
        payload = await graph.write("addComment", given, what, key)
        earlier = payload["commentEdge"]["node"]["id"]


async def conclude(graph: Graph, tickets: Sequence[str]) -> None:
    """Say that nothing more is told of the past, so that clocks live on."""
    rest = iter(tickets)
    while ids := list(islice(rest, AT_ONCE)):
        await graph.write("concludeImport", {"ids": ids}, "concluded", f"end:{ids[0]}")
