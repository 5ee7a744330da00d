"""What the demo company's people can ask for, what it notes on tickets, its queues."""

from collections.abc import Mapping
from typing import Final

from helpnest.demo.graph import Graph

Fields = tuple[dict[str, object], ...]

ITEMS: Final[Mapping[str, tuple[str, bool, Fields]]] = {
    "Laptop for a new colleague": (
        "Workplace",
        False,
        (
            {
                "key": "model",
                "label": "Which one",
                "kind": "CHOICE",
                "options": ["Light", "Strong", "Rugged"],
                "required": True,
            },
            {
                "key": "beside",
                "label": "What goes with it",
                "kind": "MULTI_CHOICE",
                "options": ["Docking station", "Headset", "Bag"],
            },
            {"key": "desk", "label": "Where they sit", "kind": "TEXT"},
        ),
    ),
    "Screen": (
        "Workplace",
        False,
        (
            {"key": "inches", "label": "How large", "kind": "NUMBER", "minimum": 22},
            {"key": "arm", "label": "On an arm", "kind": "BOOLEAN"},
        ),
    ),
    "Software licence": (
        "Workplace",
        True,
        (
            {
                "key": "program",
                "label": "Which program",
                "kind": "TEXT",
                "required": True,
            },
            {"key": "seats", "label": "For how many", "kind": "NUMBER", "minimum": 1},
            {"key": "costCentre", "label": "Who pays", "kind": "TEXT"},
        ),
    ),
    "Shared mailbox": (
        "E-mail and calendar",
        False,
        (
            {
                "key": "address",
                "label": "Its address",
                "kind": "TEXT",
                "required": True,
            },
        ),
    ),
    "Guest Wi-Fi": (
        "Network and remote access",
        False,
        ({"key": "guests", "label": "How many guests", "kind": "NUMBER"},),
    ),
}
"""By name: the service, whether somebody must agree, and the form."""

CUSTOM: Final[tuple[tuple[dict[str, object], str | None], ...]] = (
    (
        {
            "key": "site",
            "label": "Site",
            "kind": "CHOICE",
            "options": ["Head office", "Second site", "On the road"],
        },
        None,
    ),
    (
        {
            "key": "assetTag",
            "label": "Asset tag",
            "kind": "TEXT",
            "maxLength": 20,
            "appliesTo": ["INCIDENT", "PROBLEM"],
        },
        "Hardware",
    ),
)
"""Fields of the company's own, each with the category that it belongs to."""

OPEN: Final[dict[str, object]] = {"statusCategory": ["NEW", "IN_PROGRESS", "ON_HOLD"]}
QUEUES: Final[Mapping[str, tuple[dict[str, object], str | None]]] = {
    "Nobody has it yet": ({**OPEN, "assignee": {"isNull": True}}, None),
    "Late": ({**OPEN, "slaState": ["BREACHED"]}, None),
    "Waiting for a supplier": ({"holdReason": ["VENDOR"]}, None),
    "Service desk by the clock": (OPEN, "callum"),
    "Infrastructure by the clock": (OPEN, "marek"),
}
"""By name: which tickets, and a member of the group that works on it."""


async def lay_out(graph: Graph, made: Mapping[str, str]) -> dict[str, str]:
    """Make catalogue items and custom fields; give the items' ids by name."""
    found: dict[str, str] = {}
    for name, (service, consent, fields) in ITEMS.items():
        given: dict[str, object] = {
            "name": name,
            "serviceId": made[service],
            "approvalRequired": consent,
            "fields": list(fields),
        }
        payload = await graph.write(
            "createCatalogItem", given, "catalogItem { id }", f"item:{name}"
        )
        found[name] = payload["catalogItem"]["id"]
    for field, category in CUSTOM:
        given = {**field, "categoryIds": [made[category]] if category else []}
        key = f"field:{field['key']}"
        await graph.write("createCustomField", given, "customField { id }", key)
    return found


async def line_up(graph: Graph, teams: Mapping[str, str]) -> None:
    """Make the queues, each group's own for its group."""
    for name, (wanted, member) in QUEUES.items():
        given: dict[str, object] = {"name": name, "visibility": "EVERYONE"}
        given["filter"] = wanted
        if member:
            group = teams[member]
            given |= {"visibility": "GROUP", "groupId": group}
            given["filter"] = {**wanted, "group": {"eq": group}}
            given["orderBy"] = [{"field": "SLA_DUE_AT"}]
        await graph.write("createQueue", given, "queue { id }", f"queue:{name}")
