"""What a request about identity carries, and what its answer carries beside data."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import strawberry

from kit.graphql import Context as KitContext
from subgraphs.auth.loaders import Loaders
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.clients import Client

COOKIE: Final = "helpnest_refresh"
COOKIE_ATTRIBUTES: Final = "Path=/graphql; HttpOnly; Secure; SameSite=Strict"
"""Out of reach of scripts, never sent from another site, never sent in the clear."""


@dataclass
class Context(KitContext):
    """Who asks, from where, and what auth works with.

    ``sign_ins`` counts those tried in this request: one may be.
    """

    authority: Authority
    sign_ins: int = 0

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this request, made when the first is needed."""
        return Loaders(self.database, self.authority.now())

    def forget(self) -> None:
        """Drop what was read, because a write may have changed it."""
        self.__dict__.pop("loaders", None)

    @property
    def client(self) -> Client:
        """Where the request comes from."""
        return Client.of(self.request_headers)

    @property
    def refresh_cookie(self) -> str | None:
        """The refresh token that the browser keeps."""
        sent = self.request_headers.get(b"cookie", b"").decode("latin-1")
        for pair in sent.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE:
                return value
        return None

    def keep_refresh_token(self, token: str, until: datetime) -> None:
        """Have the browser keep a refresh token where no script can read it."""
        left = max(0, int((until - self.authority.now()).total_seconds()))
        self._set_cookie(token, left)

    def drop_refresh_token(self) -> None:
        """Have the browser forget its refresh token."""
        self._set_cookie("", 0)

    def _set_cookie(self, value: str, seconds: int) -> None:
        written = f"{COOKIE}={value}; Max-Age={seconds}; {COOKIE_ATTRIBUTES}"
        self.response_headers.append((b"set-cookie", written.encode("ascii")))

    def keep_private(self) -> None:
        """Have nobody on the way keep the answer: there is a secret in it."""
        header = (b"cache-control", b"no-store")
        if header not in self.response_headers:
            self.response_headers.append(header)


Info = strawberry.Info[Context, None]
