"""Any object by its id: there for who may see it, and for nobody else."""

from typing import Any

import pytest

from kit.ids import new_id
from subgraphs.node.models import KINDS
from tests.support.office import Office
from tests.support.subgraph import Subgraph

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
WRONG = (
    "",
    "x",
    "tkt_",
    "tkt_1",
    "xyz_01m81agjpgfhdbdabapyn60w5g",
    "usr_01M81AGJPGFHDBDABAPYN60W5G",
    "tkt_01m81agjpgfhdbdabapyn60w5g ",
    "tkt_\u0000",
    "é" * 300,
    "../../etc",
)


async def test_every_kind_of_object_is_found_whatever_is_asked_of_it(
    office: Office,
) -> None:
    """An id alone, or fields that may be null, bring no half object either."""
    admin = office.callers["admin"] or {}
    samples = office.samples
    assert set(samples) == {kind.type for kind in KINDS.values()}
    for name, key in samples.items():
        data = await office.graph.data(NODE, {"id": key}, **admin)
        assert data == {"node": {"__typename": name, "id": key}}
    data = await office.graph.data(NODES, {"ids": [*samples.values()]}, **admin)
    assert data["nodes"] == [{"__typename": n, "id": k} for n, k in samples.items()]


async def test_what_is_not_there_is_null_even_if_only_its_id_is_asked(
    office: Office,
) -> None:
    admin = office.callers["admin"] or {}
    gone = [new_id(prefix) for prefix in KINDS]
    data = await office.graph.data(NODES, {"ids": gone}, **admin)
    assert data == {"nodes": [None] * len(gone)}


async def test_what_one_may_not_see_answers_as_what_is_not_there(
    office: Office,
) -> None:
    """The owner decides, with the caller's own token: a ticket and what hangs on it."""
    foreign = office.tickets["foreign"]
    reply, note = office.comments[foreign]
    event, session = office.samples["TicketEvent"], office.samples["Session"]
    hidden = [foreign, reply, note, event, session, office.samples["ServiceAccount"]]
    stranger = office.callers["stranger"] or {}
    for key in hidden:
        data = await office.graph.data(NODE, {"id": key}, **stranger)
        assert data == {"node": None}
        deep = """query ($id: ID!) { node(id: $id) {
          ... on Ticket { resolvedAt comments { nodes { body } } }
          ... on Comment { editedAt ticket { id } } ... on TicketEvent { note }
          ... on Session { deviceName } ... on ServiceAccount { disabledAt } } }"""
        data = await office.graph.data(deep, {"id": key}, **stranger)
        assert data == {"node": None}
    data = await office.graph.data(NODES, {"ids": hidden}, **stranger)
    assert data == {"nodes": [None] * len(hidden)}
    mine = office.tickets["own-stranger"]
    both = {"ids": [office.comments[mine][0], office.comments[mine][1], mine]}
    found = (await office.graph.data(NODES, both, **stranger))["nodes"]
    assert [each and each["__typename"] for each in found] == [
        "Comment",
        None,
        "Ticket",
    ]


@pytest.mark.parametrize("key", WRONG)
async def test_what_is_no_id_names_nothing(alone: Subgraph, key: str) -> None:
    """Nobody is asked: this graph would not answer."""
    assert await alone.data(NODE, {"id": key}, subject="usr_1") == {"node": None}
    data = await alone.data(NODES, {"ids": [key, key]}, subject="usr_1")
    assert data == {"nodes": [None, None]}


async def test_more_than_a_hundred_at_once_are_refused(alone: Subgraph) -> None:
    answer = await alone.ask(NODES, {"ids": ["x"] * 101}, subject="usr_1")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    data = await alone.data(NODES, {"ids": ["x"] * 100}, subject="usr_1")
    assert data == {"nodes": [None] * 100}
    assert await alone.data(NODES, {"ids": []}, subject="usr_1") == {"nodes": []}


async def test_where_nobody_answers_it_is_an_error_and_not_gone(
    alone: Subgraph,
) -> None:
    answer = await alone.ask(NODE, {"id": new_id("tkt")}, subject="usr_1")
    assert answer["data"] == {"node": None}
    assert answer["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNAVAILABLE"


async def test_an_owner_that_is_down_costs_its_own_objects_with_an_error(
    office: Office,
) -> None:
    admin: Any = office.callers["admin"]
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Ticket { number } ... on User { name } } }"""
    ids = [office.tickets["foreign"], office.subject("admin")]
    with office.graph.without("tickets"):
        answer = await office.graph.ask(query, {"ids": ids}, **admin)
    assert answer["data"]["nodes"][1] == {"name": "Ada Example"}
    assert answer["data"]["nodes"][0] is None
    (error,) = answer["errors"]
    assert error["path"][:2] == ["nodes", 0]


async def test_a_hundred_nodes_are_two_requests_to_their_owner(office: Office) -> None:
    """One says that they are there, the other brings what was asked for."""
    admin: Any = office.callers["admin"]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Ticket { number } } }"
    ids = [*office.tickets.values()] * 11
    await office.graph.data(query, {"ids": ids[:100]}, **admin)
    with office.graph.counted():
        data = await office.graph.data(query, {"ids": ids[:100]}, **admin)
    assert all(each["number"] for each in data["nodes"])
    assert (office.graph.requests["tickets"], office.graph.requests["node"]) == (2, 2)
    assert len(office.graph.statements["tickets"]) == 2
