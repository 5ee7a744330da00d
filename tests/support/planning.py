"""Plans of the router's small supergraphs, for tests."""

from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, parse, validate

from router.graph import build_graph
from router.graph.model import Graph
from router.operation import normalize
from router.operation.model import Operation
from router.plan.nodes import QueryPlan
from router.plan.render import render
from router.planner import make_plan
from router.supergraph import api_schema, read_supergraph
from router.supergraph.model import Supergraph

CASES = Path(__file__).parents[1] / "unit" / "router" / "supergraphs"


def sdl_of(case: str) -> str:
    """Read a case's composed supergraph."""
    return (CASES / f"{case}.graphql").read_text(encoding="utf-8")


@cache
def supergraph_of(case: str) -> Supergraph:
    """Read a case."""
    return read_supergraph(sdl_of(case))


@cache
def graph_of(case: str) -> Graph:
    """Arrange a case for planning."""
    return build_graph(supergraph_of(case))


@cache
def schema_of(case: str) -> GraphQLSchema:
    """Give what clients of a case see."""
    return api_schema(supergraph_of(case))


def operation_of(case: str, text: str) -> Operation:
    """Validate and normalise an operation."""
    document = parse(text)
    assert not validate(schema_of(case), document)
    return normalize(schema_of(case), document)


def plan_of(case: str, text: str, *labels: str) -> QueryPlan:
    """Plan an operation, with some override labels active."""
    operation = operation_of(case, text)
    return make_plan(graph_of(case), operation, labels=frozenset(labels))


def drawn(case: str, text: str, *labels: str) -> str:
    """Plan an operation, and draw the plan."""
    return render(plan_of(case, text, *labels))


def requests(plan: QueryPlan) -> list[str]:
    """List a plan's fetches as `wave number, subgraph`."""
    wave: dict[int, int] = {}
    for fetch in plan.fetches:
        wave[fetch.id] = 1 + max((wave[one] for one in fetch.after), default=0)
    return [f"{wave[fetch.id]} {fetch.service}" for fetch in plan.fetches]
