"""Each stage's result as text, for an operation file."""

from pathlib import Path

from graphql import GraphQLError, GraphQLSchema, parse, validate

from router.cli.drawings import draw_graph, draw_supergraph
from router.errors import OperationError
from router.graph.build import build_graph
from router.operation.model import Operation
from router.operation.normalize import normalize
from router.operation.render import render as render_operation
from router.plan.render import render as render_plan
from router.planner.make import make_plan
from router.supergraph.model import Supergraph
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema


def supergraph_text(path: Path) -> str:
    """Say of every field who resolves it."""
    return draw_supergraph(read(path))


def graph_text(path: Path) -> str:
    """Draw subgraphs, entities and keys as a Mermaid flowchart."""
    return draw_graph(build_graph(read(path)))


def normalized_text(path: Path, file: Path, name: str | None) -> str:
    """Write the operation as the planner sees it."""
    return render_operation(read_operation(api_schema(read(path)), file, name))


def plan_text(path: Path, file: Path, name: str | None) -> str:
    """Write the operation's query plan."""
    supergraph = read(path)
    operation = read_operation(api_schema(supergraph), file, name)
    return render_plan(make_plan(build_graph(supergraph), operation))


def paths_text(path: Path, file: Path, name: str | None) -> str:
    """Write every way to every leaf, as the planner finds them before it chooses."""
    from router.cli.ways import draw_ways  # noqa: PLC0415 - only this command

    supergraph = read(path)
    operation = read_operation(api_schema(supergraph), file, name)
    return draw_ways(build_graph(supergraph), operation)


def read(path: Path) -> Supergraph:
    """Read a supergraph's file.

    Raises:
        SupergraphError: it is none.

    """
    return read_supergraph(path.read_text(encoding="utf-8"))


def read_operation(schema: GraphQLSchema, file: Path, name: str | None) -> Operation:
    """Read, validate and normalise an operation's file.

    Raises:
        OperationError: it is not valid for this supergraph; every reason.

    """
    try:
        document = parse(file.read_text(encoding="utf-8"))
    except GraphQLError as error:
        raise OperationError(str(error)) from error
    errors = validate(schema, document)
    if errors:
        raise OperationError("\n\n".join(str(error) for error in errors))
    return normalize(schema, document, name)
