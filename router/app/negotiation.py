"""The Accept header → the media type of the answer, or of several.

Source: GraphQL over HTTP, section "Media types".
"""

from dataclasses import dataclass
from functools import lru_cache

from kit.streams.framing import Framing, MultipartEvents, ServerSentEvents


@dataclass(frozen=True, slots=True)
class Media:
    """A media type of answers.

    ``always_ok`` is what a client that only knows `application/json` expects: status
    200 whatever is wrong with its document.
    """

    name: bytes
    always_ok: bool = False

    @property
    def header(self) -> bytes:
        """Write it as a header has it."""
        return self.name + b"; charset=utf-8"


GRAPHQL = Media(b"application/graphql-response+json")
PLAIN = Media(b"application/json", always_ok=True)
ANY = Media(b"application/json")
"""For who takes anything: everybody reads it, and the status says what happened."""

COVERED = {
    b"application/graphql-response+json": (GRAPHQL, ()),
    b"application/json": (PLAIN, ()),
    b"application/*": (ANY, (GRAPHQL,)),
    b"*/*": (ANY, (GRAPHQL,)),
}
"""What each range that a client may accept gets; what else, where that is refused."""

VARY = (b"vary", b"accept")
"""For answers that somebody may keep: those by GET."""

OURS = {GRAPHQL.name, PLAIN.name}


@lru_cache(maxsize=256)
def negotiate(accept: bytes) -> Media | None:
    """Choose what the client likes best of what there is; None if nothing suits.

    What it refuses by name, no range brings back.

    >>> negotiate(b"text/html, application/json;q=0.9, */*;q=0.1") is PLAIN
    True
    >>> negotiate(b"") is ANY, negotiate(b"text/html")
    (True, None)
    >>> negotiate(b"application/json;q=0, */*") is GRAPHQL
    True
    """
    if not accept.strip():
        return ANY
    parted = (each.partition(b";") for each in accept.split(b","))
    entries = [
        (media.strip().lower(), quality(parameters), in_utf8(parameters))
        for media, _, parameters in parted
    ]
    refused = {media for media, liked, _ in entries if media in OURS and liked <= 0}
    best, weight = None, 0.0
    for media, liked, readable in entries:
        first, others = COVERED.get(media, (None, ()))
        offers = (first, *others) if first is not None else ()
        offered = next((each for each in offers if each.name not in refused), None)
        if offered is not None and liked > weight and readable:
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client that accepts more than one answer accepts: as events, as parts."""

    events: Framing | None
    defer: bool
    only: bool


@lru_cache(maxsize=256)
def wanted(accept: bytes) -> Wanted | None:
    """Read from an Accept header whether a client can take more than one answer.

    ``only`` says that it takes nothing else.

    >>> wanted(b"application/json") is None
    True
    >>> type(wanted(b"text/event-stream").events).__name__
    'ServerSentEvents'
    """
    if b"multipart/mixed" not in accept and b"text/event-stream" not in accept:
        return None
    events: Framing | None = None
    defer, plain = False, False
    for entry in accept.lower().split(b","):
        media, _, parameters = entry.strip().partition(b";")
        told = {each.strip().replace(b'"', b"") for each in parameters.split(b";")}
        if media.strip() == b"text/event-stream":
            events = events or ServerSentEvents()
        elif media.strip() != b"multipart/mixed":
            plain = True
        elif any(each.startswith(b"deferspec=") for each in told):
            defer = defer or b"deferspec=20220824" in told
        elif b"subscriptionspec=1.0" in told:
            events = MultipartEvents()
    return Wanted(events, defer, only=not plain)
