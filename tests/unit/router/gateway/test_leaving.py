"""What served before leaves next to nothing to the collector."""

import gc
from collections.abc import Generator
from pathlib import Path

import pytest
from graphql import GraphQLString, is_introspection_type

from kit.identity import Identity
from router.gateway.leaving import take_apart
from router.gateway.opening import open_gateway
from router.gateway.pipeline import Gateway
from router.settings.model import Settings

SUPERGRAPH = Path(__file__).parents[4] / "schema" / "supergraph.graphql"
QUERY = 'query Q%d { ticket(number: "INC1") { title requester { name } } __typename }'

ADA = Identity("usr_ada", scopes=frozenset({"tickets:read", "users:read"}))


@pytest.fixture(autouse=True)
def nobody_collects() -> Generator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def opened() -> Gateway:
    """Serve the project's graph, with some plans in use."""
    gateway = open_gateway(Settings(), SUPERGRAPH.read_text(encoding="utf-8"))
    for number in range(5):
        gateway.operations.prepare(gateway.documents.read(QUERY % number), None, ADA)
    return gateway


def test_a_gateway_that_was_taken_apart_frees_itself() -> None:
    opened()  # what is made once stays
    gc.collect()
    before = len(gc.get_objects())
    gateway = opened()
    gc.collect()  # what was garbage on the way
    built = len(gc.get_objects()) - before
    take_apart(gateway)
    del gateway
    assert built > 50_000
    assert len(gc.get_objects()) - before < built / 50


def test_what_all_schemas_share_stays_whole() -> None:
    gone, other = opened(), opened()
    take_apart(gone)
    shared = [each for each in other.schema.type_map.values() if vars(each)]
    assert len(shared) == len(other.schema.type_map)
    assert GraphQLString.serialize("text") == "text"
    assert any(map(is_introspection_type, shared))
    document = other.documents.read(QUERY % 77)
    assert other.operations.prepare(document, None, ADA).plan.fetches
