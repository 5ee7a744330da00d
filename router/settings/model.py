"""The typed form of router.yaml: each section, each key, each default."""

from pydantic import Field, model_validator

from router.settings.demand import DemandControl
from router.settings.extensions import HelpNest
from router.settings.http import Apq, Batching, Cors, Csrf, PersistedQueries
from router.settings.identity import Authentication, Authorization
from router.settings.propagation import Headers
from router.settings.subscription import Subscription
from router.settings.telemetry import Hooks, Telemetry
from router.settings.traffic import TrafficShaping
from router.settings.values import Listen, Section, UrlPath


class InMemory(Section):
    """``supergraph.query_planning.cache.in_memory``: what is kept in this process."""

    limit: int = Field(default=512, ge=1, description="How many plans are kept.")


class PlanCache(Section):
    """``supergraph.query_planning.cache``: plans that were made before."""

    in_memory: InMemory = InMemory.usual()


class QueryPlanning(Section):
    """``supergraph.query_planning``: plans, kept and made again."""

    cache: PlanCache = PlanCache.usual()
    warmed_up_queries: int = Field(
        default=100,
        ge=0,
        description="How many of the most used documents are planned again before "
        "a reload takes effect.",
    )


class Supergraph(Section):
    """``supergraph``: where to listen, and what to answer there."""

    listen: Listen = Field(
        default="127.0.0.1:4000", description="Address and port to listen on."
    )
    path: UrlPath = Field(
        default="/graphql",
        description="Path of the GraphQL endpoint. Unlike Apollo Router, one path, "
        "without wildcards, and not `/` by default.",
    )
    introspection: bool = Field(
        default=True,
        description="Answer introspection queries. Unlike Apollo Router, by default.",
    )
    defer_support: bool = Field(
        default=True,
        description="Take `@defer`; clients that accept multipart get its parts later.",
    )
    query_planning: QueryPlanning = QueryPlanning.usual()

    @property
    def plan_cache(self) -> int:
        """How many plans are kept."""
        return self.query_planning.cache.in_memory.limit


class HealthCheck(Section):
    """``health_check``: liveness and readiness."""

    enabled: bool = Field(default=True, description="Answer health checks.")
    path: UrlPath = Field(
        default="/health",
        description="`?live` and `?ready` ask for one of the two. Unlike Apollo "
        "Router, on the address of `supergraph.listen`.",
    )


class Homepage(Section):
    """``homepage``: the page at ``/``."""

    enabled: bool = Field(default=True, description="Show a page at `/`.")


LIMITED = "Unlike Apollo Router, limited by default."


class Limits(Section):
    """``limits``: what one operation may cost before anything is asked."""

    http_max_request_bytes: int = Field(
        default=262_144,
        ge=1,
        description="Bytes of one request's body. Unlike Apollo Router, fewer by "
        "default (there 2 MB).",
    )
    parser_max_tokens: int = Field(
        default=2_000,
        ge=1,
        description="Tokens of one document. Unlike Apollo Router, fewer by default "
        "(there 15,000).",
    )
    max_depth: int = Field(
        default=15,
        ge=1,
        description=f"Fields inside fields. {LIMITED}",
    )
    max_aliases: int = Field(default=30, ge=0, description=f"Aliased fields. {LIMITED}")
    max_root_fields: int = Field(
        default=20, ge=1, description=f"Fields at the root. {LIMITED}"
    )
    max_directives: int = Field(
        default=50, ge=0, description="Ours alone: directives of one document."
    )
    max_json_depth: int = Field(
        default=50, ge=1, description="Ours alone: nesting of a request's JSON."
    )


class IncludeSubgraphErrors(Section):
    """``include_subgraph_errors``: whose messages a client may read whole."""

    all: bool = Field(
        default=False, description="Clients read every subgraph's messages whole."
    )
    subgraphs: dict[str, bool] = Field(
        default_factory=dict[str, bool], description="The same, by name."
    )

    def of(self, subgraph: str) -> bool:
        """Say whether this subgraph's messages pass unredacted."""
        return self.subgraphs.get(subgraph, self.all)


class Settings(Section):
    """The whole of router.yaml."""

    supergraph: Supergraph = Supergraph.usual()
    authentication: Authentication = Authentication.usual()
    authorization: Authorization = Authorization.usual()
    cors: Cors = Cors.usual()
    csrf: Csrf = Csrf.usual()
    apq: Apq = Apq.usual()
    persisted_queries: PersistedQueries = PersistedQueries.usual()
    batching: Batching = Batching.usual()
    headers: Headers = Headers.usual()
    limits: Limits = Limits.usual()
    demand_control: DemandControl = DemandControl.usual()
    traffic_shaping: TrafficShaping = TrafficShaping.usual()
    subscription: Subscription = Subscription.usual()
    include_subgraph_errors: IncludeSubgraphErrors = IncludeSubgraphErrors.usual()
    health_check: HealthCheck = HealthCheck.usual()
    homepage: Homepage = Homepage.usual()
    override_subgraph_url: dict[str, str] = Field(
        default_factory=dict[str, str],
        description="Where a subgraph answers, instead of what the supergraph says. "
        "Unlike Apollo Router, also `unix:///path.sock?path=/graphql`.",
    )
    telemetry: Telemetry = Telemetry.usual()
    hooks: Hooks = Hooks.usual()
    helpnest: HelpNest = HelpNest.usual()

    @model_validator(mode="after")
    def _each_path_once(self) -> "Settings":
        check = self.health_check
        if check.enabled and check.path == self.supergraph.path:
            raise ValueError(
                f"health_check.path: {check.path} is supergraph.path already"
            )
        return self

    @model_validator(mode="after")
    def _nothing_around_the_safelist(self) -> "Settings":
        if self.persisted_queries.safelist.enabled and self.apq.enabled:
            raise ValueError(
                "persisted_queries.safelist: needs apq.enabled: false, or clients "
                "could register what no manifest lists"
            )
        return self
