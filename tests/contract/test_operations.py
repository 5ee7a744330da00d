"""What is under schema/operations fits the graph, and who sends it may afford it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, value_from_ast_untyped

from helpnest.services import ROUTER_YAML
from helpnest.supergraph import SUPERGRAPH
from kit.identity import Identity
from router.cost.budgets import most_of
from router.cost.estimate import estimate
from router.gateway.admission import prices_of
from router.gateway.documents import Documents
from router.operation.normalize import normalize
from router.settings.load import load_settings
from router.settings.model import Settings
from router.supergraph.model import Supergraph
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema
from tests.support.office import PEOPLE
from tests.support.operations.read import Sent, operations, queries, tried

ROOT = Path(__file__).parents[2]
ALL = operations()
each = pytest.mark.parametrize("sent", ALL.values(), ids=ALL)


@cache
def graph() -> tuple[Supergraph, Settings, Documents]:
    """Read the graph as the router does, with the settings that are shipped."""
    supergraph = read_supergraph(SUPERGRAPH.read_text())
    settings = load_settings(ROUTER_YAML, {})
    return supergraph, settings, Documents(api_schema(supergraph), settings)


def defaults(sent: Sent) -> dict[str, Any]:
    """Give what the operation itself says of its variables."""
    (node,) = sent.nodes
    return {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in node.variable_definitions or ()
        if each.default_value is not None
    }


@each
def test_an_operation_is_alone_in_its_file_which_says_what_it_is_for(
    sent: Sent,
) -> None:
    assert re.match(r"# [A-Z].*[.]\n\w", sent.text)
    kebab = re.sub(r"(?<!^)([A-Z])", r"-\1", sent.name).lower()
    assert kebab == sent.file


@each
def test_the_router_takes_an_operation_as_it_is_shipped(sent: Sent) -> None:
    graph()[2].read(sent.text)


@each
def test_whoever_is_signed_in_may_afford_an_operation(sent: Sent) -> None:
    supergraph, settings, documents = graph()
    prices = prices_of(supergraph, settings)
    assert prices is not None
    operation = normalize(documents.schema, parse(sent.text))
    cost = estimate(prices, documents.schema, operation).of(defaults(sent))
    for *_, role in PEOPLE.values():
        who = Identity("usr_1", roles=frozenset([role]))
        most = most_of(settings.demand_control, settings.helpnest.budgets, who)
        assert cost <= most, (role, cost)


def test_every_query_has_its_statements_counted() -> None:
    counted = {name.split()[0] for name in tried()}
    assert sorted(set(queries()) - counted) == [], "add it to tried.yaml"
    assert sorted(counted - set(queries())) == [], "tried.yaml has what is gone"


def test_the_console_begins_with_an_operation_of_these() -> None:
    console = (ROOT / "frontend/console/src/main.tsx").read_text()
    _, _, body = ALL["first-tickets"].text.partition("\n")
    assert body in console
