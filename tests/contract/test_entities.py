"""Every key that a subgraph offers leads to its entity, whatever its value."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import BooleanValueNode, ObjectTypeDefinitionNode, StringValueNode, parse

from helpnest.supergraph import SCHEMAS, domains
from subgraphs.node.models import KINDS
from tests.support.house import ADMIN_SCOPES
from tests.support.stack import Graph
from tests.support.tokens import bearer

QUERY = """
query ($them: [_Any!]!) { _entities(representations: $them) { __typename } }
"""
UNKNOWN = "01m81agjpgfhdbdabapyn60w5g"
PREFIXES = (*KINDS, "tok", "evt")
"""Of every kind there is, and of what is no object of the graph."""

WRONG: list[object] = [
    None,
    0,
    1.5,
    True,
    [],
    {},
    "",
    "\u0000",
    "usr_\u0000",
    "é" * 300,
    "x" * 10_000,
]


def keys(domain: str) -> Iterator[tuple[str, list[str]]]:
    """Give the entities that a subgraph resolves, and the fields of each key."""
    for node in parse((SCHEMAS / f"{domain}.graphql").read_text()).definitions:
        if not isinstance(node, ObjectTypeDefinitionNode):
            continue
        for directive in node.directives or ():
            if directive.name.value != "key":
                continue
            given = {each.name.value: each.value for each in directive.arguments or ()}
            fields, resolvable = given["fields"], given.get("resolvable")
            assert isinstance(fields, StringValueNode)
            assert "{" not in fields.value, "a nested key needs a test of its own"
            if not isinstance(resolvable, BooleanValueNode) or resolvable.value:
                yield node.name.value, fields.value.split()


async def resolve(
    graph: Graph, domain: str, them: list[dict[str, object]]
) -> dict[str, Any]:
    transport = httpx.ASGITransport(graph.stack.services[domain])
    who = bearer(f"usr_{UNKNOWN}", scopes=ADMIN_SCOPES)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        body = {"query": QUERY, "variables": {"them": them}}
        answer = await client.post("/graphql", json=body, headers=who)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("domain", domains())
async def test_every_key_is_taken_and_what_it_names_is_there_or_not(
    graph: Graph, domain: str
) -> None:
    offered = list(keys(domain))
    assert offered or domain == "node"  # which names what others find
    for name, fields in offered:
        values = [*(f"{prefix}_{UNKNOWN}" for prefix in PREFIXES), "nobody@example.com"]
        them: list[dict[str, object]] = [
            {"__typename": name, **dict.fromkeys(fields, value)} for value in values
        ]
        answer = await resolve(graph, domain, them)
        assert "errors" not in answer, (name, fields, answer)
        found = answer["data"]["_entities"]
        assert len(found) == len(them)
        assert all(each in (None, {"__typename": name}) for each in found)


@pytest.mark.parametrize("domain", domains())
async def test_what_no_key_can_be_is_nobodys_and_never_our_fault(
    graph: Graph, domain: str
) -> None:
    for name, fields in keys(domain):
        for value in WRONG:
            one = {"__typename": name, **dict.fromkeys(fields, value)}
            answer = await resolve(graph, domain, [one])
            codes = {e["extensions"]["code"] for e in answer.get("errors", [])}
            assert codes <= {"BAD_USER_INPUT"}, (name, value, answer)


@pytest.mark.parametrize("domain", domains())
async def test_what_is_no_entity_here_is_refused_as_bad_input(
    graph: Graph, domain: str
) -> None:
    for one in ({"__typename": "Nothing", "id": "x"}, {"__typename": "Query"}, {}):
        answer = await resolve(graph, domain, [dict(one)])
        codes = {e["extensions"]["code"] for e in answer.get("errors", [])}
        assert codes == {"BAD_USER_INPUT"}, (one, answer)
