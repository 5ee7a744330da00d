"""The sections of router.yaml about watching the router: telemetry and hooks."""

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from router.settings.values import HeaderName, Listen, Section, UrlPath


class Prometheus(Section):
    """``telemetry.exporters.metrics.prometheus``: figures to be fetched."""

    enabled: bool = Field(default=False, description="Answer with the metrics.")
    listen: Listen = Field(
        default="127.0.0.1:9090",
        description="A listener of its own, so that no client reaches it. Unlike "
        "Apollo Router, the address of `supergraph.listen` puts them there.",
    )
    path: UrlPath = Field(default="/metrics", description="Path of the metrics.")


class Metrics(Section):
    """``telemetry.exporters.metrics``: where figures go."""

    prometheus: Prometheus = Prometheus.usual()


class CommonTracing(Section):
    """``telemetry.exporters.tracing.common``: what every exporter shares."""

    service_name: str = Field(
        default="router", description="`service.name` of the spans."
    )
    sampler: float | Literal["always_on", "always_off"] = Field(
        default="always_on",
        description="Which share of requests is traced, from 0 to 1; a caller's own "
        "decision (traceparent) goes before it.",
    )


class Otlp(Section):
    """``telemetry.exporters.tracing.otlp``: spans to an OpenTelemetry collector."""

    enabled: bool = Field(
        default=False, description="Send spans; nothing is loaded or paid without."
    )
    endpoint: str = Field(
        default="http://127.0.0.1:4318/v1/traces",
        description="Unlike Apollo Router, with the path.",
    )
    protocol: Literal["http"] = Field(
        default="http", description="Unlike Apollo Router, no gRPC."
    )


class Tracing(Section):
    """``telemetry.exporters.tracing``: where spans go."""

    common: CommonTracing = CommonTracing.usual()
    otlp: Otlp = Otlp.usual()


class Exporters(Section):
    """``telemetry.exporters``: who is told."""

    metrics: Metrics = Metrics.usual()
    tracing: Tracing = Tracing.usual()


class ClientHeaders(Section):
    """``telemetry.apollo``: where clients say what they are."""

    client_name_header: HeaderName = Field(
        default="apollographql-client-name", description="The client's name."
    )
    client_version_header: HeaderName = Field(
        default="apollographql-client-version", description="The client's version."
    )


class Telemetry(Section):
    """``telemetry``: figures, spans, and who the clients are."""

    exporters: Exporters = Exporters.usual()
    apollo: ClientHeaders = ClientHeaders.usual()


MODULE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")


class Hooks(Section):
    """``hooks``: your own Python, at five places of a request."""

    module: Annotated[str, StringConstraints(pattern=MODULE.pattern)] | None = Field(
        default=None,
        description="Ours alone: a Python module with `on_request` and the others.",
    )
