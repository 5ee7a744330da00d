"""Write a new domain whole, or leave the checkout as it was."""

import importlib
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from helpnest.composition.compose import compose, export_sdl, write
from helpnest.composition.node import CompositionError, is_installed
from helpnest.errors import CannotStartError
from helpnest.progress import steps
from helpnest.scaffold.entries import (
    in_containers,
    in_errors_page,
    in_kinds,
    in_supergraph,
)
from helpnest.scaffold.name import FOLDERS, Domain, domain_of
from helpnest.scaffold.templates import files_of
from helpnest.supergraph import ROOT, SCHEMAS

KINDS = "subgraphs/node/models.py"
SHARED = {
    "supergraph.yaml": in_supergraph,
    "docker-compose.yml": in_containers,
    "docs/errors.md": in_errors_page,
    KINDS: in_kinds,
}


def new_subgraph(
    console: Console, name: str, *, one: str | None, prefix: str | None
) -> None:
    """Make a domain in this checkout, and compose it into the graph.

    Raises:
        CannotStartError: the name cannot be taken, or the new domain does not fit;
            nothing has changed then.

    """
    domain = domain_of(ROOT, name, one=one, prefix=prefix)
    texts = {ROOT / path: text for path, text in planned(ROOT, domain).items()}
    kept = [*texts, *SCHEMAS.iterdir()]
    with whole_or_nothing(domain, kept), steps(console) as announce:
        announce("Writing its files")
        put(texts)
        importlib.invalidate_caches()
        if is_installed():
            composed = compose(announce)
        else:
            exported = (name, "node")
            composed = {SCHEMAS / f"{d}.graphql": export_sdl(d) for d in exported}
        write(composed)
    console.print(f"Made subgraphs/{name} ({len(texts)} files).")
    if not is_installed():
        console.print("The composer is not installed: `make schema` composes the rest.")
    console.print("What to write into it: docs/adding-a-subgraph.md.")


def planned(root: Path, domain: Domain) -> dict[str, str]:
    """Give every file that a new domain makes or changes, by path, with its text.

    Raises:
        CannotStartError: a file that it has an entry in cannot be read.

    """
    try:
        shared = {
            path: enter((root / path).read_text(), domain)
            for path, enter in SHARED.items()
        }
    except OSError as error:
        raise CannotStartError(
            f"{error.filename} cannot be read ({error.strerror}). Run HelpNest from "
            "its checkout."
        ) from error
    return files_of(domain) | shared


def put(texts: Mapping[Path, str]) -> None:
    """Write files, and the folders they are in."""
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@contextmanager
def whole_or_nothing(
    domain: Domain, paths: list[Path], root: Path = ROOT
) -> Generator[None]:
    """Put everything back as it was where the block fails, Ctrl-C included.

    Raises:
        CannotStartError: a file could not be written, or the domain does not compose.

    """
    before = {path: path.read_text() for path in paths if path.is_file()}
    try:
        yield
    except BaseException as error:
        for form in FOLDERS:
            shutil.rmtree(root / form.format(domain.name), ignore_errors=True)
        (root / "schema" / f"{domain.name}.graphql").unlink(missing_ok=True)
        put(before)
        if isinstance(error, OSError | CompositionError):
            raise CannotStartError(
                f"The domain {domain.name!r} was not made, and nothing has changed.\n"
                f"{error}"
            ) from error
        raise
