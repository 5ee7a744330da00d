"""A request → the same request with the text of its document, or a refusal.

What an id means is looked up in the manifests first, then among what clients
registered. Rights and limits are judged later, and of every text alike.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

import structlog

from kit.guard import GraphQLRequest
from router.gateway.persisted.automatic import PRIVATE, Registered
from router.gateway.persisted.library import Library
from router.gateway.persisted.manifest import read_manifests
from router.gateway.refusals import RefusedError, refuse
from router.hooks.model import shared
from router.settings.model import Settings

log = structlog.get_logger(__name__)

Headers = Iterable[tuple[bytes, bytes]]

EXTENSION = "persistedQuery"
FORBIDDEN, NOT_FOUND = 403, 404
VERSION = 1

LONGEST_QUOTED = 80

FREE = "apollo_persisted_queries::safelist::skip_enforcement"
"""What a hook puts into the request's context, as Apollo Router's do."""


class Lookup:
    """What the settings say of documents that are not sent whole.

    ``judges`` tells that texts sent whole are looked at too.
    """

    def __init__(self, settings: Settings) -> None:
        persisted = settings.persisted_queries
        self._registered: Registered | None = None
        if settings.apq.enabled:
            self._registered = Registered(settings.apq.router.cache.in_memory.limit)
        self._library: Library | None = None
        if persisted.enabled:
            self._library = Library(
                read_manifests(persisted.local_manifests),
                introspection=settings.supergraph.introspection,
                max_tokens=settings.limits.parser_max_tokens,
            )
        self._safelist = persisted.safelist.enabled
        self._by_id_only = persisted.safelist.require_id
        self._tell = persisted.enabled and persisted.log_unknown
        self._by_id_of = frozenset(persisted.require_id_of)
        self.judges = self._safelist or self._tell or bool(self._by_id_of)
        named = settings.telemetry.apollo.client_name_header
        self._client_header = named.lower().encode("ascii")

    def inherit(self, other: "Lookup") -> None:
        """Go on with what clients have registered, if as much of it is kept."""
        mine, theirs = self._registered, other._registered  # noqa: SLF001 - its own kind
        if mine is not None and theirs is not None and mine.limit == theirs.limit:
            self._registered = theirs

    def find(self, request: GraphQLRequest, headers: Headers) -> GraphQLRequest:
        """Give the request with its text.

        Raises:
            RefusedError: it names no document, or one that may not be run.

        """
        if (
            request.query is None
            or request.extensions
            or request.document_id is not None
            or self.judges
        ):
            request = self._found(request, headers)
            if request.query is None:
                raise refuse("'query' is missing.", "BAD_REQUEST")
        return request

    def _found(self, request: GraphQLRequest, headers: Headers) -> GraphQLRequest:
        digest = hash_in(request.extensions)
        name = request.document_id or digest
        by_id = self._is_by_id(headers)
        if name is None:
            if by_id:
                raise self._unnamed(request.query)
            if request.query is not None:
                self._judge(request.query)
            return request
        if request.query is None:
            body = self._library and self._library.body(name, self._client(headers))
            if body is not None:
                return replace(request, query=body)
            return self._from_registered(request, None if by_id else digest)
        if by_id or self._registered is None or digest is None:
            raise self._unasked(digest)
        self._registered.register(digest, request.query)
        self._judge(request.query)
        return request

    def _is_by_id(self, headers: Headers) -> bool:
        """Say whether a manifest's documents are all that is taken of this client."""
        if not self._by_id_only and not self._by_id_of:
            return False
        by_id = self._by_id_only or self._client(headers) in self._by_id_of
        return by_id and not is_free()

    def _from_registered(
        self, request: GraphQLRequest, digest: str | None
    ) -> GraphQLRequest:
        if digest is not None and self._registered is not None:
            text = self._registered.text(digest)
            self._judge(text)
            return replace(request, query=text)
        if self._library is None:
            raise not_supported()
        raise not_listed(request.document_id or hash_in(request.extensions) or "")

    def _unasked(self, digest: str | None) -> RefusedError:
        """Say why an id and a text are one too many."""
        if self._library is None and digest is not None:
            return not_supported()
        return refuse(
            "Send a persisted document's id or a document, not both.",
            "CANNOT_SEND_PQ_ID_AND_BODY",
        )

    def _unnamed(self, text: str | None) -> RefusedError:
        """Say that a text is not taken, or none that no manifest lists."""
        if text is not None and self._tell:
            tell(text)
        return refuse(
            "Documents are taken by their id only: send that of a persisted one.",
            "PERSISTED_QUERY_ID_REQUIRED",
        )

    def _judge(self, text: str) -> None:
        if not self.judges or self._library is None or self._library.lists(text):
            return
        if self._tell:
            tell(text)
        if self._safelist and not is_free():
            raise refuse(
                "The document is not one of those that are listed here.",
                "QUERY_NOT_IN_SAFELIST",
                status=FORBIDDEN,
            )

    def _client(self, headers: Headers) -> str:
        for name, value in headers:
            if name == self._client_header:
                return value.decode("latin-1")
        return ""


def is_free() -> bool:
    """Say whether a hook lets this request send what it likes."""
    return shared().get(FREE) is True


def hash_in(extensions: dict[str, Any]) -> str | None:
    """Read the hash that a request names; None where it names none.

    >>> hash_in({"persistedQuery": {"version": 1, "sha256Hash": "ab"}})
    'ab'

    Raises:
        RefusedError: 400, what stands there is no such thing.

    """
    given = extensions.get(EXTENSION)
    if given is None:
        return None
    members = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    digest = members.get("sha256Hash")
    if not isinstance(digest, str) or not digest:
        raise refuse(
            "'extensions.persistedQuery.sha256Hash' must be a string.", "BAD_REQUEST"
        )
    if members.get("version", VERSION) != VERSION:
        raise refuse(
            f"'extensions.persistedQuery.version' must be {VERSION}.", "BAD_REQUEST"
        )
    return digest


def not_supported() -> RefusedError:
    """Refuse as Apollo's protocol has it: a client then sends whole documents."""
    error = {
        "message": "PersistedQueryNotSupported",
        "extensions": {"code": "PERSISTED_QUERY_NOT_SUPPORTED"},
    }
    return RefusedError([error], of_document=True, headers=PRIVATE)


def not_listed(name: str) -> RefusedError:
    """Say that no manifest has an id, or has it for another client."""
    quoted = name if len(name) <= LONGEST_QUOTED else f"{name[:LONGEST_QUOTED]}…"
    error = {
        "message": f"There is no persisted document {quoted!r} for this client.",
        "extensions": {"code": "PERSISTED_QUERY_NOT_IN_LIST"},
    }
    return RefusedError([error], status=NOT_FOUND, headers=PRIVATE)


def tell(text: str) -> None:
    """Log a document that no manifest lists."""
    log.warning("operation.unknown", document=text)
