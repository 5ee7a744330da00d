"""Answers made smaller by Accept-Encoding; bodies of requests made whole again.

What is written at once is compressed; a stream never is. Of what a client decodes
equally well, zstd comes before gzip: smaller, for less CPU.

Source: RFC 9110, sections "Accept-Encoding" and "Content-Encoding".
"""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from functools import lru_cache

from kit.guard import RefusedRequestError
from router.app.asgi import RawHeaders
from router.app.negotiation import quality
from router.settings.extensions import Compression

ZSTD_LEVEL = 3
GZIP_LEVEL = 4
"""Beyond these, CPU grows several times faster than answers shrink."""

LONG = 256 * 1024
"""Bytes for which compressing takes long enough to be done beside the event loop."""

VARY = (b"vary", b"accept-encoding")


def to_zstd(body: bytes) -> bytes:
    """Compress in one frame."""
    # Loaded with the first client that asks: a library of half a megabyte.
    import zstandard  # noqa: PLC0415 - see above

    return zstandard.compress(body, ZSTD_LEVEL)


def to_gzip(body: bytes) -> bytes:
    """Compress; the same body gives the same bytes."""
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


CODINGS: dict[bytes, Callable[[bytes], bytes]] = {b"zstd": to_zstd, b"gzip": to_gzip}
"""What there is, the best first."""

ALIASES = {b"x-gzip": b"gzip"}


@lru_cache(maxsize=256)
def choose(accepted: bytes) -> bytes | None:
    """Choose a coding; None sends the answer as it is.

    >>> choose(b"gzip, deflate, br, zstd"), choose(b"gzip;q=0.8, zstd;q=0.2")
    (b'zstd', b'gzip')
    >>> choose(b"br"), choose(b"gzip;q=0"), choose(b"*")
    (None, None, b'zstd')
    >>> choose(b"identity, gzip;q=0.5") is None
    True
    """
    liked: dict[bytes, float] = {}
    for entry in accepted.lower().split(b","):
        coding, _, parameters = entry.partition(b";")
        name = coding.strip()
        liked[ALIASES.get(name, name)] = quality(parameters)
    others = liked.get(b"*", 0.0)
    best, weight = None, 0.0
    for coding in CODINGS:
        liking = liked.get(coding, others)
        if liking > weight:
            best, weight = coding, liking
    return best if weight >= liked.get(b"identity", 0.0) else None


class Compressor:
    """What router.yaml says of compression, done."""

    def __init__(self, settings: Compression) -> None:
        self.smallest = settings.smallest if settings.enabled else 1 << 62

    async def compress(
        self, body: bytes, asked: RawHeaders, headers: RawHeaders
    ) -> bytes:
        """Give the body in a coding that the client takes, and say so in ``headers``.

        For bodies of at least ``smallest`` bytes: others go as they are.
        """
        if any(name == b"content-encoding" for name, _ in headers):
            return body
        headers.append(VARY)
        accepted = b",".join(v for name, v in asked if name == b"accept-encoding")
        coding = choose(accepted) if accepted else None
        if coding is None:
            return body
        write = CODINGS[coding]
        if len(body) < LONG:
            written = write(body)
        else:
            written = await asyncio.to_thread(write, body)
        if len(written) >= len(body):
            return body
        headers.append((b"content-encoding", coding))
        return written


def gunzip(body: bytes, limit: int) -> bytes:
    """Give the body that a client compressed, and never more than the limit of it.

    Raises:
        RefusedRequestError: 413, it is larger; 400, it is not gzip, or something
            stands behind it.

    """
    reader = zlib.decompressobj(wbits=31)
    try:
        whole = reader.decompress(body, limit + 1)
    except zlib.error as error:
        raise RefusedRequestError(400, "The body is not gzip.") from error
    if len(whole) > limit:
        raise RefusedRequestError(413, f"The body is larger than {limit} bytes.")
    if not reader.eof or reader.unused_data:
        raise RefusedRequestError(400, "The body is not one whole gzip stream.")
    return whole
