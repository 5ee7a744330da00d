"""``serve`` as a command: its options, and a start that loads only what serving needs.

The other commands are Typer's; loading it, and rich with it, takes as long as reading
a supergraph.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from kit.settings import LARGEST_PORT, environment

SUPERGRAPH = Path("schema/supergraph.graphql")


def main(arguments: Sequence[str]) -> None:
    """Serve until a signal says stop; what is wrong is said in a sentence."""
    given = options().parse_args(arguments)
    load_alone("structlog", without="rich")
    from router.cli.serve import run_server  # noqa: PLC0415 - after the line above
    from router.errors import RouterError  # noqa: PLC0415 - see above
    from router.settings import SettingsError  # noqa: PLC0415 - see above

    try:
        run_server(given.supergraph, given.config, given.host, given.port)
    except (RouterError, SettingsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


def options() -> argparse.ArgumentParser:
    """Describe the options; a variable of the environment stands for each."""
    known = environment()
    parser = argparse.ArgumentParser(
        prog="python -m router serve", description="Serve a supergraph over HTTP."
    )
    parser.add_argument(
        *("--supergraph", "-s"),
        type=Path,
        default=known.get("HELPNEST_ROUTER_SUPERGRAPH") or SUPERGRAPH,
        help="The composed supergraph SDL (HELPNEST_ROUTER_SUPERGRAPH); "
        f"else {SUPERGRAPH}.",
    )
    parser.add_argument(
        *("--config", "-c"),
        type=Path,
        default=known.get("HELPNEST_ROUTER_CONFIG") or None,
        help="router.yaml (HELPNEST_ROUTER_CONFIG); else its defaults.",
    )
    parser.add_argument(
        "--host",
        default=known.get("HOST") or None,
        help="Overrides supergraph.listen (HOST).",
    )
    parser.add_argument(
        "--port",
        type=port,
        default=known.get("PORT") or None,
        help="Overrides supergraph.listen (PORT).",
    )
    return parser


def port(text: str) -> int:
    """Read a port's number; a larger one would be taken for another port.

    >>> port("4000")
    4000

    Raises:
        ArgumentTypeError: it is none.

    """
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def load_alone(name: str, *, without: str) -> None:
    """Load a module as if another, which it uses where it finds it, were not there.

    structlog loads rich for stacks drawn in colour; ours are plain (`kit.logs`).
    """
    if without in sys.modules:
        import_module(name)
        return
    sys.modules[without] = None  # type: ignore[assignment] - Python's way to say so
    try:
        import_module(name)
    finally:
        del sys.modules[without]
