"""Every field of every object, asked by every role, through the router and past it.

No answer holds a word that its reader must not see, and what a rule hides is empty.
"""

import importlib
from typing import Any

import pytest

from helpnest.supergraph import domains
from kit.graphql import Schema
from tests.support.office import Office
from tests.support.rights import rules, walk
from tests.support.rights.rules import ROLES, Sample, rule_of, sees

FIELDS = rules.field_rules()
GRAPH = rules.schema()
SUBGRAPHS: dict[str, Schema] = {
    domain: importlib.import_module(f"subgraphs.{domain}.schema").schema
    for domain in domains()
}
EXTERNAL = {domain: set(walk.external(domain)) for domain in domains()}
HISTORY = "query ($id: ID!) { ticket(id: $id) { history { nodes { id } } } }"


async def samples(office: Office, role: str) -> list[Sample]:
    """List objects of every kind; what hangs on tickets, for one of each relation."""
    found: list[Sample] = []
    admin: Any = office.callers["admin"]
    author = office.subject("agent")
    own = (f"own-{role}", "own-requester")
    for word, key in office.tickets.items():
        if word.startswith("own-") and word not in own:
            continue
        reply, note = office.comments[key]
        data = await office.graph.data(HISTORY, {"id": key}, **admin)
        events = [each["id"] for each in data["ticket"]["history"]["nodes"]]
        found += [
            Sample("Ticket", key, word),
            Sample("Comment", reply, word, whose=author),
            Sample("Comment", note, word, note=True, whose=author),
            *(Sample("TicketEvent", each, word) for each in events[:2]),
        ]
    hung = {"Ticket", "Comment", "TicketEvent", "User", "Session"}
    found += [Sample(t, key) for t, key in office.samples.items() if t not in hung]
    ada = office.subject("admin")
    found.append(Sample("Session", office.samples["Session"], whose=ada))
    people = {office.samples["User"], *map(office.subject, rules.PEOPLE)}
    found += [Sample("User", key, whose=key) for key in sorted(people)]
    found.append(Sample("User", office.subject("bare"), whose=office.subject("bare")))
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_through_the_router_each_role_sees_what_the_rules_say(
    office: Office, role: str
) -> None:
    for sample in await samples(office, role):
        names = [field for kind, field in FIELDS if kind == sample.type]
        whole = walk.documents(GRAPH, sample.type, names, directly=False)
        for some, document in whole:
            answer = await walk.through_router(
                office, role, document, {"id": sample.id}
            )
            data = walk.checked(office, role, answer, (sample, some))
            node = data and data["node"]
            seen = sees(office, role, sample)
            assert (node is not None) == seen, (role, sample, some, answer.text)
            for field in some if node else ():
                allowed = rule_of(FIELDS[sample.type, field])(office, role, sample)
                assert allowed or walk.is_empty(node[field]), (role, sample, field)


@pytest.mark.parametrize("role", ROLES)
async def test_at_the_subgraphs_themselves_each_role_sees_no_more(
    office: Office, role: str
) -> None:
    """Also an object that a subgraph takes at its word shows only what it may."""
    for sample in await samples(office, role):
        names = [field for kind, field in FIELDS if kind == sample.type]
        them = [{"__typename": sample.type, "id": sample.id}]
        for domain, schema in SUBGRAPHS.items():
            if not walk.finds(schema, sample.type):
                continue
            asked = [
                name for name in names if (sample.type, name) not in EXTERNAL[domain]
            ]
            for some, document in walk.documents(
                schema.core, sample.type, asked, directly=True
            ):
                answer = await walk.at_subgraph(
                    office, domain, role, document, {"them": them}
                )
                about = (domain, sample, some)
                data = walk.checked(office, role, answer, about)
                found: Any = data["_entities"][0] if data else None
                for field in some if found else ():
                    allowed = rule_of(FIELDS[sample.type, field])(office, role, sample)
                    value = found[field]
                    assert allowed or walk.is_empty(value), (role, about, answer.text)
