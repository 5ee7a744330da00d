"""The Accept header → the media type of the answer.

Source: GraphQL over HTTP, section "Media types".
"""

from functools import lru_cache

GRAPHQL = b"application/graphql-response+json"
PLAIN = b"application/json"

COVERED = {
    GRAPHQL: GRAPHQL,
    PLAIN: PLAIN,
    b"application/*": GRAPHQL,
    b"*/*": GRAPHQL,
}
"""What each range that a client may accept gets."""


@lru_cache(maxsize=256)
def negotiate(accept: bytes) -> bytes | None:
    """Choose what the client likes best of what there is; None if nothing suits.

    >>> negotiate(b"text/html, application/json;q=0.9, */*;q=0.1")
    b'application/json'
    >>> negotiate(b""), negotiate(b"text/html")
    (b'application/graphql-response+json', None)
    """
    if not accept.strip():
        return GRAPHQL
    best, weight = None, 0.0
    for entry in accept.split(b","):
        media, _, parameters = entry.partition(b";")
        offered = COVERED.get(media.strip().lower())
        liked = quality(parameters)
        if offered is not None and liked > weight and in_utf8(parameters):
            best, weight = offered, liked
    return best


def quality(parameters: bytes) -> float:
    """Read the weight among an entry's parameters; a bad one counts as none.

    >>> quality(b"charset=utf-8; q=0.5"), quality(b""), quality(b"q=x")
    (0.5, 1.0, 0.0)
    """
    for parameter in parameters.split(b";"):
        name, _, value = parameter.strip().partition(b"=")
        if name.lower() == b"q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def in_utf8(parameters: bytes) -> bool:
    """Say whether an entry is content with UTF-8."""
    for parameter in parameters.split(b";"):
        name, _, value = parameter.strip().partition(b"=")
        if name.lower() == b"charset":
            return value.strip(b'"').lower() in {b"utf-8", b"utf8"}
    return True
