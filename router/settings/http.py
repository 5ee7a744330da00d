"""The sections of router.yaml about GraphQL over HTTP: who asks, in what form."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from router.settings.identity import HeaderName
from router.settings.values import Duration, Section


def compiles(expression: str) -> str:
    """Give back a regular expression that is one.

    Raises:
        ValueError: it is none.

    """
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return expression


Expression = Annotated[str, AfterValidator(compiles)]


class Csrf(Section):
    """``csrf``: what a browser cannot send to us without asking first."""

    unsafe_disabled: bool = Field(
        default=False,
        description="Take requests that a foreign page can make a browser send.",
    )
    required_headers: tuple[HeaderName, ...] = Field(
        default=("x-apollo-operation-name", "apollo-require-preflight"),
        description="One of them proves that a browser asked before it sent.",
    )


class CorsPolicy(Section):
    """``cors.policies[]``: what pages of some origins may do."""

    origins: tuple[str, ...] = Field(
        default=(), description="Whose pages, each origin whole."
    )
    match_origins: tuple[Expression, ...] = Field(
        default=(),
        description="Regular expressions of origins, tried after all `origins`. "
        "Unlike Apollo Router, the whole origin must match.",
    )
    allow_credentials: bool | None = Field(
        default=None, description="They may send cookies; none: as `cors` says."
    )
    allow_headers: tuple[str, ...] | None = Field(
        default=None, description="Empty mirrors the browser; none: as `cors` says."
    )
    expose_headers: tuple[str, ...] | None = Field(
        default=None, description="Readable to scripts; none: as `cors` says."
    )
    methods: tuple[str, ...] | None = Field(
        default=None, description="Methods they may use; none: as `cors` says."
    )
    max_age: Duration | None = Field(
        default=None, description="How long not to ask again; none: as `cors` says."
    )

    @model_validator(mode="after")
    def _somebody(self) -> "CorsPolicy":
        if not self.origins and not self.match_origins:
            raise ValueError("a policy names origins or match_origins")
        return self


class Cors(Section):
    """``cors``: which other origins' pages may read our answers."""

    origins: tuple[str, ...] = Field(
        default=(),
        description="Whose pages may read answers, each one whole: a policy without "
        "differences. Unlike Apollo Router, also in its second version.",
    )
    policies: tuple[CorsPolicy, ...] = Field(
        default=(), description="The first that names an origin counts for its pages."
    )
    allow_any_origin: bool = Field(
        default=False, description="Every page of the world may."
    )
    allow_credentials: bool = Field(
        default=False, description="They may send cookies; needs named origins."
    )
    allow_headers: tuple[str, ...] = Field(
        default=(), description="Empty mirrors what the browser asks for."
    )
    expose_headers: tuple[str, ...] = Field(
        default=(), description="Headers of answers that their scripts may read."
    )
    methods: tuple[str, ...] = Field(
        default=("GET", "POST", "OPTIONS"), description="Methods that they may use."
    )
    max_age: Duration = Field(
        default=7200, description="How long a browser need not ask again."
    )

    @model_validator(mode="after")
    def _credentials_need_names(self) -> "Cors":
        if self.allow_any_origin and self.allow_credentials:
            raise ValueError(
                "allow_credentials needs named origins, not allow_any_origin"
            )
        if "*" in (*self.origins, *(o for p in self.policies for o in p.origins)):
            raise ValueError("'*' is no origin; say allow_any_origin: true")
        return self


class ApqInMemory(Section):
    """``apq.router.cache.in_memory``: what is kept in this process."""

    limit: int = Field(default=512, ge=1, description="How many texts are kept.")


class ApqCache(Section):
    """``apq.router.cache``: texts that clients registered."""

    in_memory: ApqInMemory = ApqInMemory.usual()


class ApqRouter(Section):
    """``apq.router``: between clients and the router."""

    cache: ApqCache = ApqCache.usual()


class Apq(Section):
    """``apq``: a client sends a document once, then only its hash."""

    enabled: bool = Field(
        default=True, description="Take automatic persisted queries by their hash."
    )
    router: ApqRouter = ApqRouter.usual()


class Safelist(Section):
    """``persisted_queries.safelist``: only what is in the manifests is run."""

    enabled: bool = Field(
        default=False, description="Refuse documents that no manifest lists."
    )
    require_id: bool = Field(
        default=False, description="Refuse documents sent as text, listed or not."
    )


ManifestPath = Annotated[str, StringConstraints(min_length=1)]


class PersistedQueries(Section):
    """``persisted_queries``: documents known before anybody asks."""

    enabled: bool = Field(default=False, description="Take documents by their id.")
    local_manifests: tuple[ManifestPath, ...] = Field(
        default=(),
        description="Files in Apollo's manifest format; watched, as this file is.",
    )
    log_unknown: bool = Field(
        default=False, description="Tell the log of documents that no manifest lists."
    )
    safelist: Safelist = Safelist.usual()

    @model_validator(mode="after")
    def _fit_together(self) -> "PersistedQueries":
        if self.safelist.enabled and not self.enabled:
            raise ValueError("safelist needs persisted_queries.enabled: true")
        if self.safelist.require_id and not self.safelist.enabled:
            raise ValueError("safelist.require_id needs safelist.enabled: true")
        if self.enabled and not self.local_manifests:
            raise ValueError("name at least one file in local_manifests")
        return self


class Batching(Section):
    """``batching``: several operations in one request."""

    enabled: bool = Field(default=False, description="Take lists of operations.")
    mode: Literal["batch_http_link"] = Field(
        default="batch_http_link", description="As Apollo Client's link sends them."
    )
    maximum_size: int = Field(
        default=10,
        ge=1,
        description="The most in one request. Unlike Apollo Router, never unlimited.",
    )
