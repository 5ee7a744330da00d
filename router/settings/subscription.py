"""What of a graph may be followed, over which protocols, and how much at a time."""

from typing import Literal

from pydantic import Field

from router.settings.values import Duration, Section


class Passthrough(Section):
    """``subscription.mode.passthrough.all``: a subgraph that is asked by WebSocket."""

    path: str | None = Field(
        default=None,
        pattern="^/",
        description="The endpoint's path; null is that of the subgraph's URL.",
    )
    protocol: Literal["graphql_ws"] = Field(
        default="graphql_ws",
        description="What is spoken: graphql-transport-ws. Unlike Apollo Router, "
        "the older protocol of subscriptions-transport-ws is not.",
    )


class PassthroughMode(Section):
    """``subscription.mode.passthrough``: which subgraphs are asked by WebSocket."""

    all: Passthrough | None = None
    subgraphs: dict[str, Passthrough] = Field(
        default_factory=dict[str, Passthrough], description="By name."
    )


class Mode(Section):
    """``subscription.mode``: how subgraphs are asked for events.

    One that is not named is asked by multipart HTTP; one in this process is handed
    over without HTTP, whatever is said here.
    """

    passthrough: PassthroughMode = PassthroughMode.usual()


class Deduplication(Section):
    """``subscription.deduplication``: equal streams of one caller, asked for once."""

    enabled: bool = Field(
        default=True,
        description="Equal subscriptions (document, variables, caller, forwarded "
        "headers) share one stream from the subgraph.",
    )


class Subscription(Section):
    """``subscription``: events, from subgraphs to clients."""

    enabled: bool = Field(
        default=True,
        description="Serve subscriptions. Unlike Apollo Router, on by default.",
    )
    mode: Mode = Mode.usual()
    deduplication: Deduplication = Deduplication.usual()
    max_opened_subscriptions: int | None = Field(
        default=10_000,
        ge=1,
        description="Streams open from subgraphs at a time; `null` sets no limit. "
        "Unlike Apollo Router, there is one by default.",
    )
    queue_capacity: int = Field(
        default=128,
        ge=1,
        description="Events that wait for one client. Unlike Apollo Router, which "
        "forgets the oldest, a client with more is dropped: it knows that it "
        "missed something.",
    )

    def passthrough_of(self, subgraph: str) -> Passthrough | None:
        """Say how a subgraph is asked by WebSocket; None is multipart."""
        passthrough = self.mode.passthrough
        return passthrough.subgraphs.get(subgraph, passthrough.all)


class Clients(Section):
    """``helpnest.subscriptions``: what one client may take."""

    max_per_identity: int = Field(
        default=100,
        ge=1,
        description="Streams of one caller at a time (of one address, where nobody "
        "is signed in).",
    )
    max_per_connection: int = Field(
        default=50, ge=1, description="Operations at a time on one WebSocket."
    )
    heartbeat: Duration = Field(
        default=5,
        gt=0,
        description="How often a client hears of us when nothing happens.",
    )
    init_timeout: Duration = Field(
        default=5,
        gt=0,
        description="In which time a WebSocket's client has to send connection_init.",
    )
    max_message_bytes: int = Field(
        default=262_144, ge=1, description="Bytes of one message of a WebSocket."
    )
