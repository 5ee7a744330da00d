"""The sections of router.yaml about GraphQL over HTTP: who asks, in what form."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from router.settings.values import (
    NAME,
    DurationOrZero,
    Expression,
    HeaderName,
    Section,
)

ORIGIN = re.compile(r"null|[a-z][a-z0-9+.-]*://[a-z0-9._\[\]:-]+")


def whole(origin: str) -> str:
    """Give back an origin as browsers send it.

    Raises:
        ValueError: no browser sends that.

    """
    if origin == "*":
        raise ValueError("'*' is no origin; say allow_any_origin: true")
    if not ORIGIN.fullmatch(origin):
        raise ValueError(
            f"{origin!r} is no origin; one is written like https://desk.example.com, "
            "in small letters and with nothing behind it"
        )
    return origin


Origin = Annotated[str, AfterValidator(whole)]
Token = Annotated[str, StringConstraints(pattern=NAME)]

UNASKED = {
    *("accept", "accept-encoding", "accept-language", "connection", "content-language"),
    *("content-type", "cookie", "host", "origin", "range", "referer", "user-agent"),
}
"""Headers that a page makes a browser send, and nobody is asked."""


def proves(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give back headers that no page makes a browser send unasked.

    Raises:
        ValueError: one of them proves nothing.

    """
    for name in names:
        if name.lower() in UNASKED or name.lower().startswith("sec-"):
            raise ValueError(f"{name!r} proves nothing: browsers send it unasked")
    return names


class Csrf(Section):
    """``csrf``: what a browser cannot send to us without asking first."""

    unsafe_disabled: bool = Field(
        default=False,
        description="Take requests that a foreign page can make a browser send.",
    )
    required_headers: Annotated[tuple[HeaderName, ...], AfterValidator(proves)] = Field(
        default=("x-apollo-operation-name", "apollo-require-preflight"),
        description="One of them proves that a browser asked before it sent.",
    )


class CorsPolicy(Section):
    """``cors.policies[]``: what pages of some origins may do."""

    origins: tuple[Origin, ...] = Field(
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
    allow_headers: tuple[Token, ...] | None = Field(
        default=None, description="Empty mirrors the browser; none: as `cors` says."
    )
    expose_headers: tuple[Token, ...] | None = Field(
        default=None, description="Readable to scripts; none: as `cors` says."
    )
    methods: tuple[Token, ...] | None = Field(
        default=None, description="Methods they may use; none: as `cors` says."
    )
    max_age: DurationOrZero | None = Field(
        default=None, description="How long not to ask again; none: as `cors` says."
    )

    @model_validator(mode="after")
    def _somebody(self) -> "CorsPolicy":
        if not self.origins and not self.match_origins:
            raise ValueError("a policy names origins or match_origins")
        return self


class Cors(Section):
    """``cors``: which other origins' pages may read our answers."""

    origins: tuple[Origin, ...] = Field(
        default=(),
        description="Whose pages may read answers, each one whole: a policy without "
        "differences. Unlike Apollo Router, also in its second version.",
    )
    policies: tuple[CorsPolicy, ...] = Field(
        default=(),
        description="The first that names an origin counts for its pages. Unlike "
        "Apollo Router, none by default (there Apollo's own).",
    )
    allow_any_origin: bool = Field(
        default=False, description="Every page of the world may."
    )
    allow_credentials: bool = Field(
        default=False, description="They may send cookies; needs named origins."
    )
    allow_headers: tuple[Token, ...] = Field(
        default=(), description="Empty mirrors what the browser asks for."
    )
    expose_headers: tuple[Token, ...] = Field(
        default=(), description="Headers of answers that their scripts may read."
    )
    methods: tuple[Token, ...] = Field(
        default=("GET", "POST", "OPTIONS"), description="Methods that they may use."
    )
    max_age: DurationOrZero = Field(
        default=7200, description="How long a browser need not ask again."
    )

    @model_validator(mode="after")
    def _credentials_need_names(self) -> "Cors":
        if self.allow_any_origin and self.allow_credentials:
            raise ValueError(
                "allow_credentials needs named origins, not allow_any_origin"
            )
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
    require_id_of: tuple[str, ...] = Field(
        default=(),
        description="Ours alone: clients, by telemetry.apollo.client_name_header, "
        "whose documents are taken by a manifest's id only, whatever others may send.",
    )

    @model_validator(mode="after")
    def _fit_together(self) -> "PersistedQueries":
        if self.safelist.enabled and not self.enabled:
            raise ValueError("safelist needs persisted_queries.enabled: true")
        if self.safelist.require_id and not self.safelist.enabled:
            raise ValueError("safelist.require_id needs safelist.enabled: true")
        if self.require_id_of and not self.enabled:
            raise ValueError("require_id_of needs persisted_queries.enabled: true")
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
