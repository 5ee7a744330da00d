"""Supergraph and settings → the subgraphs as the executor asks them."""

from collections.abc import Callable, Mapping

from router.errors import ConfigurationError
from router.executor.breaker import Breaker
from router.executor.streams.choose import open_streams
from router.executor.subgraph import Subgraph
from router.executor.transport.choose import open_transport
from router.executor.transport.in_process import AsgiApp
from router.executor.transport.interface import Meter, Transport
from router.settings.model import Settings
from router.supergraph.model import Supergraph

Targets = Mapping[str, AsgiApp | str]
Wrap = Callable[[str, Transport], tuple[Transport, Meter | None]]
"""A subgraph's name and the way to it → what is put around that, and who measures."""


def open_subgraphs(
    supergraph: Supergraph, settings: Settings, transports: Targets, wrap: Wrap
) -> dict[str, Subgraph]:
    """Open a transport for each subgraph; no connection is made before the first use.

    Where to: what ``transports`` gives, or else ``override_subgraph_url``, or else
    the supergraph itself.

    Raises:
        ConfigurationError: nothing says where a subgraph is, or a setting names one
            that there is not.

    """
    refuse_strangers(supergraph, settings)
    return {
        name: open_subgraph(
            name,
            transports.get(name)
            or settings.override_subgraph_url.get(name)
            or declared.url,
            settings,
            wrap,
        )
        for name, declared in supergraph.subgraphs.items()
    }


def open_subgraph(
    name: str, target: AsgiApp | str, settings: Settings, wrap: Wrap
) -> Subgraph:
    """Open one subgraph.

    Raises:
        ConfigurationError: it has no address, or one that no transport speaks.

    """
    if not target:
        raise ConfigurationError(
            f"the subgraph {name!r} has no URL; give one in override_subgraph_url"
        )
    traffic = settings.traffic_shaping.of(name)
    try:
        transport = open_transport(
            target,
            largest_answer=traffic.max_response_bytes,
            secret=settings.helpnest.secret,
        )
    except ValueError as error:
        raise ConfigurationError(f"the subgraph {name!r}: {error}") from error
    way, meter = wrap(name, transport)
    return Subgraph(
        name,
        way,
        timeout=traffic.timeout,
        deduplicate=traffic.deduplicate_query,
        include_errors=settings.include_subgraph_errors.of(name),
        readable=frozenset(settings.helpnest.readable_errors),
        breaker=Breaker(name, traffic.circuit_breaker),
        streams=open_streams(
            target,
            largest_answer=traffic.max_response_bytes,
            secret=settings.helpnest.secret,
            passthrough=settings.subscription.passthrough_of(name),
        ),
        meter=meter,
    )


def refuse_strangers(supergraph: Supergraph, settings: Settings) -> None:
    """Refuse settings for subgraphs that the supergraph does not have.

    Raises:
        ConfigurationError: naming the section and the subgraph.

    """
    named = {
        "override_subgraph_url": settings.override_subgraph_url,
        "headers.subgraphs": settings.headers.subgraphs,
        "traffic_shaping.subgraphs": settings.traffic_shaping.subgraphs,
        "subscription.mode.passthrough.subgraphs": (
            settings.subscription.mode.passthrough.subgraphs
        ),
        "include_subgraph_errors.subgraphs": settings.include_subgraph_errors.subgraphs,
    }
    for section, subgraphs in named.items():
        for name in subgraphs:
            if name not in supergraph.subgraphs:
                known = ", ".join(supergraph.subgraphs)
                raise ConfigurationError(
                    f"{section}: there is no subgraph {name!r}; there are {known}"
                )
