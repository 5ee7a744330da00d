"""The commands; each imports what it needs when it is called."""

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape

from helpnest.errors import CannotStartError
from kit.settings import SettingsError

app = typer.Typer(
    help="HelpNest: an internal IT ticketing platform as one GraphQL federation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console(stderr=True, highlight=False, soft_wrap=True)

Host = Annotated[
    str | None, typer.Option(help="Address to listen on. [default: HOST or 127.0.0.1]")
]
Port = Annotated[
    int | None, typer.Option(help="Port to listen on. [default: PORT or 4000]")
]
LogFormat = Literal["servicenow", "xes"]


@app.command()
def up(
    *,
    host: Host = None,
    port: Port = None,
    separate: Annotated[
        bool,
        typer.Option(
            "--separate",
            help="Run each subgraph and the router as processes of their own, on "
            "their own ports, as in production.",
        ),
    ] = False,
) -> None:
    """Start the whole stack on this machine; Ctrl-C stops it."""
    from helpnest.up import up_in_one, up_separately  # noqa: PLC0415 - see above

    with _told():
        (up_separately if separate else up_in_one)(console, host, port)


@app.command()
def serve(
    name: Annotated[
        str, typer.Argument(help="A subgraph's name, as in supergraph.yaml, or router.")
    ],
    *,
    host: Host = None,
    port: Port = None,
    parent: Annotated[
        int | None, typer.Option(help="End when this process ends.", hidden=True)
    ] = None,
) -> None:
    """Run one subgraph, or the router, as a process of its own."""
    from helpnest.single import serve_one  # noqa: PLC0415 - see above

    with _told():
        serve_one(name, host, port, parent)


@app.command()
def migrate() -> None:
    """Bring every domain's database to its newest revision."""
    from helpnest.up import migrate_all  # noqa: PLC0415 - see above

    with _told():
        migrate_all(console)


@app.command()
def admin(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    name: Annotated[str, typer.Argument(help="Their full name.")],
) -> None:
    """Make the first administrator of an installation, and print their password."""
    from helpnest.up import make_first_admin  # noqa: PLC0415 - see above

    with _told():
        make_first_admin(console, email, name)


@app.command()
def compose(
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; fail if schema/ has drifted."),
    ] = False,
) -> None:
    """Export each subgraph's SDL, compose the supergraph, write schema/."""
    from helpnest.composition.command import compose_all  # noqa: PLC0415 - see above

    with _told():
        compose_all(console, check=check)


@app.command("new-subgraph")
def new_subgraph(
    name: Annotated[
        str, typer.Argument(help="Its domain: one plural noun, such as assets.")
    ],
    *,
    singular: Annotated[
        str | None,
        typer.Option(help="What a single one is called. [default: NAME's singular]"),
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option(help="What its ids begin with. [default: three letters of it]"),
    ] = None,
) -> None:
    """Make a new domain: a subgraph that starts, composes, migrates and has tests."""
    from helpnest.scaffold.command import new_subgraph as make  # noqa: PLC0415 - see above

    with _told():
        make(console, name, one=singular, prefix=prefix)


@app.command()
def demo(
    *,
    host: Host = None,
    port: Port = None,
    token: Annotated[
        bool, typer.Option("--token", help="Print an access token and nothing else.")
    ] = False,
    email: Annotated[
        str | None, typer.Option("--as", help="Whose token. [default: an agent's]")
    ] = None,
    size: Annotated[
        Literal["small", "large"],
        typer.Option(
            help="`large` adds 5,000 people, 60 groups and 200,000 tickets to the "
            "company, while HelpNest does not run."
        ),
    ] = "small",
) -> None:
    """Print how to sign in to the demo company, or a token; or let it grow."""
    from helpnest.demo.command import demo as show  # noqa: PLC0415 - see above
    from helpnest.up import settings_for  # noqa: PLC0415 - see above

    with _told():
        if size == "large":
            from helpnest.demo.large.command import enlarge  # noqa: PLC0415 - slow

            enlarge(console, settings_for(host, port))
            return
        out = Console(highlight=False)
        show(out, settings_for(host, port), token=token, whose=email)


@app.command()
def replay(
    file: Annotated[
        Path, typer.Argument(help="The log: CSV, or XES plain or gzipped.")
    ],
    *,
    client_id: Annotated[
        str,
        typer.Option(
            envvar="HELPNEST_CLIENT_ID",
            help="Id of a service account that may import tickets and manage users.",
        ),
    ],
    client_secret: Annotated[
        str, typer.Option(envvar="HELPNEST_CLIENT_SECRET", help="Its secret.")
    ],
    log_format: Annotated[
        LogFormat, typer.Option("--format", help="What kind of log it is.")
    ] = "servicenow",
    url: Annotated[
        str, typer.Option(help="Where HelpNest answers.")
    ] = "http://127.0.0.1:4000",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Feed only so many events.")
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, max=64, help="Cases fed at the same time.")
    ] = 8,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON.")
    ] = False,
) -> None:
    """Feed a real event log through the public graph, as an integration would."""
    from helpnest.replay.client import Credentials  # noqa: PLC0415 - see above
    from helpnest.replay.run import Options, replay_file  # noqa: PLC0415 - see above

    options = Options(
        file=file,
        format=log_format,
        url=url,
        credentials=Credentials(client_id, client_secret),
        limit=limit,
        concurrency=concurrency,
    )
    with _told():
        replay_file(console, options, as_json=as_json)


people = typer.Typer(help="Bring people in.", no_args_is_help=True)
app.add_typer(people, name="people")


@people.command("import")
def people_import(
    file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8.")],
    *,
    client_id: Annotated[
        str,
        typer.Option(
            envvar="HELPNEST_CLIENT_ID",
            help="Id of a service account that may manage users and assign roles.",
        ),
    ],
    client_secret: Annotated[
        str, typer.Option(envvar="HELPNEST_CLIENT_SECRET", help="Its secret.")
    ],
    url: Annotated[
        str, typer.Option(help="Where HelpNest answers.")
    ] = "http://127.0.0.1:4000",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of it.")
    ] = False,
) -> None:
    """Add and change people as a CSV file says, through the public graph."""
    from helpnest.people import Options, import_file  # noqa: PLC0415 - see above
    from helpnest.replay.client import Credentials  # noqa: PLC0415 - see above

    options = Options(
        file=file,
        url=url,
        credentials=Credentials(client_id, client_secret),
        dry_run=dry_run,
    )
    with _told():
        import_file(console, options)


@contextmanager
def _told() -> Generator[None]:
    """Turn what stands in the way into a sentence, and Ctrl-C into a clean end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except (CannotStartError, SettingsError) as error:
        console.print(f"[bold red]✗[/] {escape(str(error))}")
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("Stopped.")
        sys.exit(130)


def main() -> None:
    """Run the command line."""
    app()
