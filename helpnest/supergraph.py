"""supergraph.yaml → which subgraphs there are, where they answer, which SDL is theirs.

The file has rover's format, so rover composes the same supergraph from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import yaml

from helpnest.errors import CannotStartError

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "supergraph.yaml"
SCHEMAS = ROOT / "schema"
SUPERGRAPH = SCHEMAS / "supergraph.graphql"
API = SCHEMAS / "api.graphql"


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph: its name is its domain's."""

    name: str
    routing_url: str
    schema: Path


def read_subgraphs(path: Path = CONFIGURATION) -> tuple[Subgraph, ...]:
    """Read the subgraphs, in the file's order.

    Raises:
        CannotStartError: the file is missing, or not in rover's format.

    """
    try:
        document = cast("dict[str, Any]", yaml.safe_load(path.read_text()))
        return tuple(
            Subgraph(
                name=str(name),
                routing_url=str(entry["routing_url"]),
                schema=path.parent / str(entry["schema"]["file"]),
            )
            for name, entry in document["subgraphs"].items()
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise CannotStartError(
            f"{path} cannot be read as rover's supergraph configuration "
            f"({type(error).__name__}: {error}). Run HelpNest from its checkout."
        ) from error


def addresses(subgraphs: Iterable[Subgraph], env: Mapping[str, str]) -> dict[str, str]:
    """Say where each subgraph answers: ``HELPNEST_<DOMAIN>_URL``, else its routing URL.

    >>> users = Subgraph("users", "http://127.0.0.1:4003/graphql", Path("u.graphql"))
    >>> addresses([users], {"HELPNEST_USERS_URL": "http://users/graphql"})
    {'users': 'http://users/graphql'}
    """
    return {
        each.name: env.get(f"HELPNEST_{each.name.upper()}_URL") or each.routing_url
        for each in subgraphs
    }


def port_in(url: str) -> int:
    """Read the port off an address.

    >>> port_in("http://127.0.0.1:4003/graphql"), port_in("http://users/graphql")
    (4003, 80)
    """
    return urlsplit(url).port or 80


def origin_of(url: str) -> str:
    """Take the path off an address.

    >>> origin_of("http://127.0.0.1:4003/graphql")
    'http://127.0.0.1:4003'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def domains() -> tuple[str, ...]:
    """Name every domain: those of the subgraphs, in the file's order."""
    return tuple(each.name for each in read_subgraphs())


def read_supergraph_sdl() -> str:
    """Read the composed supergraph.

    Raises:
        CannotStartError: it was never composed.

    """
    try:
        return SUPERGRAPH.read_text()
    except OSError as error:
        raise CannotStartError(
            f"{SUPERGRAPH} cannot be read ({error.strerror}). "
            "`make schema` composes it."
        ) from error
