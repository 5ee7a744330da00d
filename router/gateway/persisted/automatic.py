"""Texts that clients registered by their hash: automatic persisted queries.

Source: Apollo's protocol, version 1.
"""

import hashlib

from router.gateway.cache import Cache
from router.gateway.refusals import RefusedError, refuse

KEPT_CHARACTERS = 16_000_000
"""Of all registered texts together."""

PRIVATE = [(b"cache-control", b"private, no-cache, must-revalidate")]
"""Whoever stored a refusal would go on refusing what has been registered since."""


class Registered:
    """Texts by hash; those not asked for longest are forgotten first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._texts = Cache[str](limit=limit, heaviest=KEPT_CHARACTERS)

    def text(self, digest: str) -> str:
        """Give the text of a hash.

        Raises:
            RefusedError: nobody registered it, or it is forgotten; send it again.

        """
        found = self._texts.get(digest.lower())
        if found is None:
            raise RefusedError(
                [
                    {
                        "message": "PersistedQueryNotFound",
                        "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
                    }
                ],
                of_document=True,
                headers=PRIVATE,
            )
        return found

    def register(self, digest: str, text: str) -> None:
        """Keep a text under its own hash and no other.

        Raises:
            RefusedError: 400, it has another hash.

        """
        own = hashlib.sha256(text.encode("utf-8")).hexdigest()
        if own != digest.lower():
            raise refuse(
                "The query's SHA-256 is not the one that was sent with it.",
                "PERSISTED_QUERY_HASH_MISMATCH",
            )
        self._texts.put(own, text, len(text))
