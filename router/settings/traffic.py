"""Time, sameness and measure: how much is taken on, and how long anything may take."""

from pydantic import Field

from router.settings.values import Duration, Section


class RateLimit(Section):
    """``global_rate_limit``: so many requests in so much time, whoever sends them."""

    capacity: int = Field(ge=1, description="How many requests are taken.")
    interval: Duration = Field(gt=0, description="In which time.")


class CircuitBreaker(Section):
    """``circuit_breaker``: a subgraph that mostly fails is left alone for a while."""

    enabled: bool = Field(
        default=True,
        description="Ours alone: answer for a failing subgraph at once, without it.",
    )
    failing: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Ours alone: the share of failed requests from which on it is "
        "left alone; no answer, a broken one or status 5xx is a failure.",
    )
    window: Duration = Field(
        default=30, gt=0, description="Ours alone: the time that is looked at."
    )
    at_least: int = Field(
        default=20, ge=1, description="Ours alone: fewer requests say nothing."
    )
    probe_every: Duration = Field(
        default=1,
        gt=0,
        description="Ours alone: how often one request is let through, to see "
        "whether it is back.",
    )


class RouterTraffic(Section):
    """``traffic_shaping.router``: the whole request."""

    timeout: Duration = Field(
        default=10,
        description="For the whole request; then what came is answered. Unlike Apollo "
        "Router, 10s by default (there 30s), and no status 504.",
    )
    deduplicate_query: bool = Field(
        default=False,
        description="Ours alone: answer identical queries of one caller, on their way "
        "at the same time, once.",
    )
    concurrency_limit: int | None = Field(
        default=1_000,
        ge=1,
        description="How many requests are worked on at a time; more are refused "
        "with 503 and Retry-After. Events and deferred parts take places too, half "
        "of them at most, and wait for one. `null` sets no limit. Unlike Apollo "
        "Router, there is one by default.",
    )
    global_rate_limit: RateLimit | None = Field(
        default=None,
        description="Requests in a time, all clients together; more are refused "
        "with 429 and Retry-After.",
    )


class SubgraphTraffic(Section):
    """``traffic_shaping.all`` and ``.subgraphs.<name>``: one request to a subgraph."""

    timeout: Duration = Field(
        default=3,
        description="For one request to a subgraph; its fields are lost. Unlike "
        "Apollo Router, 3s by default (there 30s).",
    )
    deduplicate_query: bool = Field(
        default=True,
        description="Ask once what identical queries of one caller ask at one time.",
    )
    max_response_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=1,
        description="Ours alone: a larger answer is a fault.",
    )
    circuit_breaker: CircuitBreaker = CircuitBreaker.usual()


class TrafficShaping(Section):
    """``traffic_shaping``: time and sameness."""

    router: RouterTraffic = RouterTraffic.usual()
    all: SubgraphTraffic = SubgraphTraffic.usual()
    subgraphs: dict[str, SubgraphTraffic] = Field(
        default_factory=dict[str, SubgraphTraffic],
        description="By name; over those of all, key by key.",
    )

    def of(self, subgraph: str) -> SubgraphTraffic:
        """Give a subgraph's own settings, over those of all.

        >>> shaping = TrafficShaping(
        ...     all=SubgraphTraffic(timeout=5),
        ...     subgraphs={"users": SubgraphTraffic(deduplicate_query=False)},
        ... )
        >>> shaping.of("users").timeout, shaping.of("users").deduplicate_query
        (5.0, False)
        """
        own = self.subgraphs.get(subgraph)
        if own is None:
            return self.all
        said = {name: getattr(own, name) for name in own.model_fields_set}
        return self.all.model_copy(update=said)
