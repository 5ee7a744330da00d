"""The commands; each imports what it needs when it is called."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from router.cli.start import SUPERGRAPH
from router.errors import RouterError

app = typer.Typer(
    help="An Apollo-compatible federation router, and each stage of it to look at.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Supergraph = Annotated[
    Path,
    typer.Option(
        "--supergraph",
        "-s",
        envvar="HELPNEST_ROUTER_SUPERGRAPH",
        help="The composed supergraph SDL.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="HELPNEST_ROUTER_CONFIG",
        help="router.yaml; else its defaults.",
    ),
]
OperationFile = Annotated[Path, typer.Argument(help="A file with the operation.")]
Name = Annotated[
    str | None, typer.Option("--name", help="Which operation, if there are several.")
]
Variables = Annotated[str, typer.Option("--variables", help="A JSON object.")]


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def serve(context: typer.Context) -> None:
    """Serve a supergraph over HTTP (serve --help)."""
    from router.cli.start import main as start  # noqa: PLC0415 - see the module

    start(context.args)


@app.command("config-schema")
def config_schema() -> None:
    """Print a JSON Schema of router.yaml, for editors."""
    from router.settings.reference import schema_text  # noqa: PLC0415 - see the module

    typer.echo(schema_text(), nl=False)


@app.command("config-docs")
def config_docs() -> None:
    """Print docs/configuration.md."""
    from router.settings.page import configuration_page  # noqa: PLC0415 - see there

    typer.echo(configuration_page(), nl=False)


@app.command("supergraph")
def show_supergraph(supergraph: Supergraph = SUPERGRAPH) -> None:
    """Print who resolves what: every type and field with its subgraphs."""
    from router.cli import stages  # noqa: PLC0415 - see the module

    typer.echo(stages.supergraph_text(supergraph))


@app.command()
def graph(supergraph: Supergraph = SUPERGRAPH) -> None:
    """Print the graph of subgraphs, their entities and keys, as Mermaid."""
    from router.cli import stages  # noqa: PLC0415 - see the module

    typer.echo(stages.graph_text(supergraph))


@app.command()
def normalize(
    operation: OperationFile, supergraph: Supergraph = SUPERGRAPH, name: Name = None
) -> None:
    """Print the operation without fragments, each response key once."""
    from router.cli import stages  # noqa: PLC0415 - see the module

    typer.echo(stages.normalized_text(supergraph, operation, name))


@app.command()
def paths(
    operation: OperationFile, supergraph: Supergraph = SUPERGRAPH, name: Name = None
) -> None:
    """Print every way to every leaf: from which subgraph, in which wave."""
    from router.cli import stages  # noqa: PLC0415 - see the module

    typer.echo(stages.paths_text(supergraph, operation, name))


@app.command()
def plan(
    operation: OperationFile, supergraph: Supergraph = SUPERGRAPH, name: Name = None
) -> None:
    """Print the query plan in Federation's text form."""
    from router.cli import stages  # noqa: PLC0415 - see the module

    typer.echo(stages.plan_text(supergraph, operation, name))


@app.command()
def run(
    operation: OperationFile,
    *,
    supergraph: Supergraph = SUPERGRAPH,
    config: Config = None,
    name: Name = None,
    variables: Variables = "{}",
    token: Annotated[str | None, typer.Option(help="A bearer token to send.")] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show each fetch: time, size, waiting.")
    ] = False,
) -> None:
    """Run the operation against the subgraphs and print the answer."""
    from router.cli.run import run_operation  # noqa: PLC0415 - see the module

    run_operation(
        supergraph,
        config,
        operation,
        name=name,
        variables=variables,
        token=token,
        trace=trace,
    )


def main() -> None:
    """Run one command; what is wrong is said in a sentence."""
    from router.settings import SettingsError  # noqa: PLC0415 - see the module

    try:
        app()
    except (RouterError, SettingsError, OSError) as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(1)
