"""Which other origins' pages may read our answers.

Source: Fetch standard, "CORS protocol".
"""

from router.app.asgi import RawHeaders
from router.settings.model import Cors


class CorsPolicy:
    """The headers that tell a browser what it may hand to a page."""

    def __init__(self, settings: Cors) -> None:
        self._settings = settings
        self._origins = {origin.encode("latin-1") for origin in settings.origins}
        self.active = bool(self._origins) or settings.allow_any_origin

    def headers(self, origin: bytes | None) -> RawHeaders:
        """Give the headers of an answer to a page of that origin."""
        if not self.active:
            return []
        vary = [(b"vary", b"origin")]
        if origin is None or not self._allowed(origin):
            return vary
        settings = self._settings
        allowed = b"*" if settings.allow_any_origin else origin
        found = [(b"access-control-allow-origin", allowed), *vary]
        if settings.allow_credentials:
            found.append((b"access-control-allow-credentials", b"true"))
        if settings.expose_headers:
            exposed = ", ".join(settings.expose_headers).encode("latin-1")
            found.append((b"access-control-expose-headers", exposed))
        return found

    def preflight(self, origin: bytes | None, requested: bytes) -> RawHeaders:
        """Give the headers that answer a browser's question before a request."""
        if not self.active or origin is None or not self._allowed(origin):
            return []
        settings = self._settings
        named = ", ".join(settings.allow_headers).encode("latin-1")
        return [
            *self.headers(origin),
            (b"access-control-allow-methods", ", ".join(settings.methods).encode()),
            (b"access-control-allow-headers", named or requested),
            (b"access-control-max-age", b"%d" % int(settings.max_age)),
        ]

    def _allowed(self, origin: bytes) -> bool:
        return self._settings.allow_any_origin or origin in self._origins
