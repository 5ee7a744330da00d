"""The section of router.yaml that Apollo Router does not have: HelpNest's own."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from kit.settings import SMALLEST_SECRET
from router.settings.demand import Budgets
from router.settings.subscription import Clients
from router.settings.values import Section

Network = Annotated[
    IPv4Network | IPv6Network,
    BeforeValidator(lambda text: ip_network(str(text), strict=False)),
]


def as_text(value: Any) -> Any:
    """Keep a secret of digits from being read as a number."""
    return str(value) if isinstance(value, int) else value


class Compression(Section):
    """``helpnest.compression``: answers made smaller for clients that can read it."""

    enabled: bool = Field(
        default=True,
        description="Compress by Accept-Encoding (zstd, gzip); Apollo Router always "
        "does.",
    )
    smallest: int = Field(
        default=1_400, ge=0, description="Bytes below which an answer goes as it is."
    )


class HelpNest(Section):
    """``helpnest``: what goes beyond Apollo Router."""

    router_secret: Annotated[SecretStr, BeforeValidator(as_text)] = Field(
        default=SecretStr(""),
        description="Signs requests to subgraphs, which then take none from elsewhere; "
        "empty signs nothing.",
    )
    trusted_proxies: tuple[Network, ...] = Field(
        default=(),
        description="Addresses and networks whose X-Forwarded-For is believed.",
    )
    readable_errors: tuple[str, ...] = Field(
        default=(),
        description="Codes of subgraphs' errors whose messages clients read, though "
        "include_subgraph_errors keeps all others back: what is wrong with an argument "
        "helps nobody in a log.",
    )
    access_log: bool = Field(
        default=False, description="Write a line of JSON for every request."
    )
    budgets: Budgets = Budgets.usual()
    compression: Compression = Compression.usual()
    cache_control: bool = Field(
        default=True,
        description="Say in Cache-Control for how long an answer may be kept: as the "
        "strictest subgraph does, `no-store` where one says nothing.",
    )
    subscriptions: Clients = Clients.usual()
    introspection: Literal["signed_in", "everyone"] = Field(
        default="everyone",
        description="Who may ask about the schema and read where a document does not "
        "fit it, while supergraph.introspection is on.",
    )
    expose_query_plan: Literal["nobody", "signed_in", "everyone"] = Field(
        default="nobody",
        description="Who may ask for plans and dry runs (Apollo-Expose-Query-Plan).",
    )

    @field_validator("router_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SMALLEST_SECRET:
            raise ValueError(f"a secret has at least {SMALLEST_SECRET} characters")
        return value

    @property
    def secret(self) -> bytes | None:
        """The secret as it signs; None where nothing is signed."""
        return self.router_secret.get_secret_value().encode() or None
