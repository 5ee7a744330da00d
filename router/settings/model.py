"""The typed form of router.yaml: each section, each key, each default."""

from pydantic import Field, model_validator

from router.settings.extensions import HelpNest
from router.settings.identity import Authentication, Authorization
from router.settings.propagation import Headers
from router.settings.values import Duration, Section


class Supergraph(Section):
    """``supergraph``: where to listen, and what to answer there."""

    listen: str = Field(
        default="127.0.0.1:4000", description="Address and port to listen on."
    )
    path: str = Field(default="/graphql", description="Path of the GraphQL endpoint.")
    introspection: bool = Field(
        default=True, description="Answer introspection queries."
    )
    plan_cache: int = Field(
        default=512, ge=1, description="How many query plans are kept (ours alone)."
    )


class HealthCheck(Section):
    """``health_check``: liveness and readiness."""

    enabled: bool = True
    path: str = "/health"


class Homepage(Section):
    """``homepage``: the page at ``/``."""

    enabled: bool = True


class Csrf(Section):
    """``csrf``: what a browser cannot send to us without asking first."""

    unsafe_disabled: bool = Field(
        default=False,
        description="Take requests that a foreign page can make a browser send.",
    )
    required_headers: tuple[str, ...] = (
        "x-apollo-operation-name",
        "apollo-require-preflight",
    )


class Cors(Section):
    """``cors``: which other origins' pages may read our answers."""

    origins: tuple[str, ...] = ()
    allow_any_origin: bool = False
    allow_credentials: bool = False
    allow_headers: tuple[str, ...] = Field(
        default=(), description="Empty mirrors what the browser asks for."
    )
    expose_headers: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET", "POST", "OPTIONS")
    max_age: Duration = 7200

    @model_validator(mode="after")
    def _credentials_need_names(self) -> "Cors":
        if self.allow_any_origin and self.allow_credentials:
            raise ValueError(
                "allow_credentials needs named origins, not allow_any_origin"
            )
        return self


class Limits(Section):
    """``limits``: what one operation may cost before anything is asked."""

    http_max_request_bytes: int = Field(default=262_144, ge=1)
    parser_max_tokens: int = Field(default=2_000, ge=1)
    max_depth: int = Field(default=15, ge=1)
    max_aliases: int = Field(default=30, ge=0)
    max_root_fields: int = Field(default=20, ge=1)
    max_directives: int = Field(default=50, ge=0, description="Ours alone.")
    max_json_depth: int = Field(default=50, ge=1, description="Ours alone.")


class RouterTraffic(Section):
    """``traffic_shaping.router``: the whole request."""

    timeout: Duration = 10
    deduplicate_query: bool = Field(
        default=False,
        description="Ours alone: answer identical queries of one caller, on their way "
        "at the same time, once.",
    )


class SubgraphTraffic(Section):
    """``traffic_shaping.all`` and ``.subgraphs.<name>``: one request to a subgraph."""

    timeout: Duration = 3
    deduplicate_query: bool = True
    max_response_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=1,
        description="Ours alone: a larger answer is a fault.",
    )


class TrafficShaping(Section):
    """``traffic_shaping``: time and sameness."""

    router: RouterTraffic = RouterTraffic()
    all: SubgraphTraffic = SubgraphTraffic()
    subgraphs: dict[str, SubgraphTraffic] = Field(
        default_factory=dict[str, SubgraphTraffic]
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


class IncludeSubgraphErrors(Section):
    """``include_subgraph_errors``: whose messages a client may read whole."""

    all: bool = False
    subgraphs: dict[str, bool] = Field(default_factory=dict[str, bool])

    def of(self, subgraph: str) -> bool:
        """Say whether this subgraph's messages pass unredacted."""
        return self.subgraphs.get(subgraph, self.all)


class Settings(Section):
    """The whole of router.yaml."""

    supergraph: Supergraph = Supergraph()
    authentication: Authentication = Authentication()
    authorization: Authorization = Authorization()
    cors: Cors = Cors()
    csrf: Csrf = Csrf()
    headers: Headers = Headers()
    limits: Limits = Limits()
    traffic_shaping: TrafficShaping = TrafficShaping()
    include_subgraph_errors: IncludeSubgraphErrors = IncludeSubgraphErrors()
    health_check: HealthCheck = HealthCheck()
    homepage: Homepage = Homepage()
    override_subgraph_url: dict[str, str] = Field(default_factory=dict[str, str])
    helpnest: HelpNest = HelpNest()
