"""Export each SDL, compose, then write ``schema/`` or say where it has drifted."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from helpnest.composition.node import find_node, install, run_composer
from helpnest.supergraph import API, SUPERGRAPH, Subgraph, read_subgraphs


def export_sdl(domain: str) -> str:
    """Print the SDL of ``subgraphs.<domain>.schema``, as the subgraph itself serves it.

    Strawberry calls the text of a schema ``as_str``.
    """
    module: Any = importlib.import_module(f"subgraphs.{domain}.schema")
    return str(module.schema.as_str()).strip() + "\n"


def compose(announce: Callable[[str], None]) -> dict[Path, str]:
    """Give every generated file and its text, without touching the disk.

    Raises:
        CompositionError: the subgraphs do not fit together.
        CannotStartError: there is no Node, or it failed.

    """
    node = find_node()
    install(node, announce)
    subgraphs = read_subgraphs()
    announce("Exporting each subgraph's SDL")
    sdls = {each.name: export_sdl(each.name) for each in subgraphs}
    announce("Composing the supergraph")
    supergraph, api = run_composer(node, services_of(subgraphs, sdls))
    return {
        **{each.schema: sdls[each.name] for each in subgraphs},
        SUPERGRAPH: supergraph.strip() + "\n",
        API: api.strip() + "\n",
    }


def services_of(
    subgraphs: Iterable[Subgraph], sdls: Mapping[str, str]
) -> list[dict[str, str]]:
    """Put the subgraphs into the composer's form, in an order of their own.

    The order of supergraph.yaml is its writer's matter, and never moves a byte.
    """
    return [
        {"name": each.name, "url": each.routing_url, "typeDefs": sdls[each.name]}
        for each in sorted(subgraphs, key=lambda each: each.name)
    ]


def drifted(files: Mapping[Path, str]) -> list[Path]:
    """Name the files whose text on disk is another, or that are missing."""
    return [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text() != text
    ]


def write(files: Mapping[Path, str]) -> list[Path]:
    """Write what has changed, and name it."""
    changed = drifted(files)
    for path in changed:
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[path])
    return changed
