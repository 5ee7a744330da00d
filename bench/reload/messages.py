"""What is asked and answered, byte by byte: nothing of it is worked out while timed."""

import gc
from collections.abc import Mapping, Sequence

import orjson

END = b"\r\n\r\n"
OK = b"HTTP/1.1 200 "
ERRORS = b'"errors":['

DOCUMENTS = 30
"""Different operations in use: each is planned anew before a switch."""

QUERY = (
    'query Q{n} {{ ticket(number: "INC{n}") {{ id number title status {{ key }} }} }}'
)
TICKET = {
    "id": "tkt_1",
    "number": "INC0000045",
    "title": "No network",
    "status": {"key": "new"},
}
ANSWER = orjson.dumps({"data": {"ticket": TICKET}})

FROM_SUBGRAPH = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)
)


def bodies_of(
    documents: Sequence[str], variables: Mapping[str, object] | None = None
) -> list[str]:
    """Write a body for each document."""
    given = {} if variables is None else {"variables": variables}
    return [orjson.dumps({"query": each, **given}).decode() for each in documents]


def requests_with(token: str, bodies: Sequence[str]) -> list[bytes]:
    """Write all that one client asks."""
    head = (
        "POST /graphql HTTP/1.1\r\nhost: router\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {token}\r\ncontent-length: "
    ).encode("ascii")
    sent = [each.encode() for each in bodies]
    return [b"%s%d%s%s" % (head, len(body), END, body) for body in sent]


def whole(data: bytes) -> bool:
    """Say whether a message with a ``content-length`` is there to its end."""
    end = data.find(END)
    if end < 0:
        return False
    start = data.find(b"content-length: ", 0, end) + 16
    length = int(data[start : end + 2].split(b"\r\n", 1)[0])
    return len(data) >= end + len(END) + length


def let_no_garbage_be_looked_for() -> None:
    """Keep this process from stopping by itself in the middle of what it times."""
    gc.collect()
    gc.freeze()
    gc.disable()
