"""Supergraph SDL and settings → a gateway that can serve them."""

from router.executor.transport.interface import Transport
from router.gateway.overrides import Planner
from router.gateway.pipeline import Gateway
from router.gateway.subgraphs import Targets, Wrap, open_subgraphs
from router.graph.build import build_graph
from router.settings.model import Settings
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema


def as_it_is(_: str, transport: Transport) -> tuple[Transport, None]:
    """Put nothing between the router and a subgraph."""
    return transport, None


def open_gateway(
    settings: Settings,
    sdl: str,
    transports: Targets | None = None,
    wrap: Wrap = as_it_is,
) -> Gateway:
    """Read a supergraph and make everything that serving it needs.

    ``wrap`` may put something of its own around the way to a subgraph, and measure it.

    Raises:
        SupergraphError: the document cannot be used.
        ConfigurationError: the settings do not fit it.

    """
    supergraph = read_supergraph(sdl)
    subgraphs = open_subgraphs(supergraph, settings, transports or {}, wrap)
    return Gateway(
        settings,
        supergraph,
        api_schema(supergraph, defer=settings.supergraph.defer_support),
        subgraphs,
        Planner(build_graph(supergraph)),
    )
