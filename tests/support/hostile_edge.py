"""Requests that abuse what the edge offers: hashes, ids, lists, encodings, headers.

Each is refused whole: nothing of it is run. ``RAW`` are bytes on a connection, since
no client library would send them.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from tests.support.hostile import JSON, OK, Hostile

TITLES = "{ tickets { title } }"
OTHER = "{ tickets { id } }"
LISTED = "query Listed { tickets { id title } }"
MINE = "query Mine { tickets { title id } }"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


MANIFEST = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [
        {"id": digest(LISTED), "body": LISTED},
        {"id": "mine", "body": MINE, "clientName": "web"},
    ],
}


def body(**members: Any) -> bytes:
    return json.dumps(members).encode()


def named(given: Any, **more: Any) -> bytes:
    return body(extensions={"persistedQuery": given}, **more)


def hashed(value: Any, **more: Any) -> bytes:
    return named({"version": 1, "sha256Hash": value}, **more)


HASHES: dict[str, bytes] = {
    "a hash nobody registered": hashed(digest(TITLES)),
    "the hash of something else": hashed(digest(OTHER), query=TITLES),
    "the hash of the same but a blank": hashed(digest(TITLES + " "), query=TITLES),
    "half a hash": hashed(digest(TITLES)[:32], query=TITLES),
    "a hash and more": hashed(digest(TITLES) + "00", query=TITLES),
    "a hash in other letters": hashed("\uff41" * 64, query=TITLES),
    "a hash of 200,000 characters": hashed("a" * 200_000),
    "a hash that is a number": hashed(1, query=TITLES),
    "a hash that is a list": hashed([digest(TITLES)], query=TITLES),
    "a hash that is true": hashed(True, query=TITLES),
    "an empty hash": hashed("", query=TITLES),
    "a hash of a blank document": hashed(digest(" "), query=" "),
    "a hash of no GraphQL": hashed(digest("{"), query="{"),
    "a hash of nothing": hashed(digest(""), query=""),
    "a name in a text": named("x", query=TITLES),
    "a name in a list": named([], query=TITLES),
    "a name that is empty": named({}, query=TITLES),
    "a version to come": named(
        {"version": 2, "sha256Hash": digest(TITLES)}, query=TITLES
    ),
    "a version in a text": named(
        {"version": "1", "sha256Hash": digest(TITLES)}, query=TITLES
    ),
    "a version that is a list": named(
        {"version": [1], "sha256Hash": digest(TITLES)}, query=TITLES
    ),
    "an id and a document": body(documentId="mine", query=TITLES),
    "an id that is a number": body(documentId=1),
    "an id that is a list": body(documentId=["mine"]),
    "an id that is an object": body(documentId={"id": "mine"}),
    "an empty id": body(documentId=""),
    "an id and a hash, both unknown": hashed(digest(OTHER), documentId="x"),
}

GUESSES: dict[str, bytes] = {
    "another client's id": body(documentId="mine"),
    "an id in other letters": body(documentId="MINE"),
    "an id with a blank": body(documentId="mine "),
    "an id with a zero": body(documentId="mine\0"),
    "a path for an id": body(documentId="../../manifest.json"),
    "a prefix for an id": body(documentId="sha256:"),
    "a prefix twice": body(documentId=f"sha256:sha256:{digest(LISTED)}"),
    "an insider's id": body(documentId="__proto__"),
    "an id of 200,000 characters": body(documentId="x" * 200_000),
    "the hash of what is not listed": hashed(digest(TITLES)),
    "a listed hash with another document": hashed(digest(LISTED), query=TITLES),
    "a listed hash with its document": hashed(digest(LISTED), query=LISTED),
    "a field more": body(query=LISTED.replace("title", "title assignee { id }")),
    "an alias": body(query=LISTED.replace("title", "t: title")),
    "an argument": body(query=LISTED.replace("tickets", "tickets(first: 1)")),
    "a directive": body(query=LISTED.replace("title", "title @skip(if: false)")),
    "another name": body(query=LISTED.replace("Listed", "Listed2")),
    "an operation beside": body(
        query=f"{LISTED} query B {{ viewer {{ id }} }}", operationName="B"
    ),
    "introspection and something": body(query="{ __typename tickets { id } }"),
    "something behind a fragment": body(
        query="{ ...F } fragment F on Query { __typename ... { tickets { id } } }"
    ),
    "a mutation that is not listed": body(query='mutation { close(id: "1") { id } }'),
}

BATCHES: dict[str, bytes] = {
    "no requests": b"[]",
    "11 requests": b"[" + b",".join([OK] * 11) + b"]",
    "9,000 requests": b"[" + b",".join([OK] * 9_000) + b"]",
    "100,000 numbers": b"[" + b",".join([b"1"] * 100_000) + b"]",
    "lists in lists": b"[" * 60 + b"]" * 60,
    "requests never closed": b"[" + b",".join([OK] * 10),
}

ZIPPED = gzip.compress(OK, mtime=0)
ENCODED: dict[str, tuple[str, bytes]] = {
    "a bomb of 20 MB": ("gzip", gzip.compress(b"\0" * 20_000_000, 9, mtime=0)),
    "a bomb of JSON": ("gzip", gzip.compress(b'{"query":"' + b" " * 9_000_000)),
    "a body that is not compressed": ("gzip", OK),
    "half a stream": ("gzip", ZIPPED[:20]),
    "a stream and more": ("gzip", ZIPPED + OK),
    "two streams": ("gzip", ZIPPED + ZIPPED),
    "a stream in a stream": ("gzip", gzip.compress(ZIPPED)),
    "a wrong check sum": ("gzip", ZIPPED[:-8] + b"\0" * 8),
    "two codings": ("gzip, gzip", gzip.compress(ZIPPED)),
    "a coding of nobody": ("snappy", ZIPPED),
    "brotli unasked": ("br", ZIPPED),
    "a coding with a zero": ("gzip\0", ZIPPED),
}

LINE = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
LENGTH = b"content-length: %d\r\n" % len(OK)
CHUNKED = b"transfer-encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(OK), OK)
GET = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: x\r\n"

RAW: dict[str, bytes] = {
    "a length and chunks": LINE + LENGTH + CHUNKED + b"\r\n" + CHUNKS,
    "chunks and a length": LINE + CHUNKED + LENGTH + b"\r\n" + CHUNKS,
    "two lengths": LINE + LENGTH + b"content-length: 3\r\n\r\n" + OK,
    "a length below zero": LINE + b"content-length: -1\r\n\r\n" + OK,
    "a length with a sign": LINE + b"content-length: +5\r\n\r\n" + OK,
    "a length that is none": LINE + b"content-length: 0x10\r\n\r\n" + OK,
    "lengths in a list": LINE + b"content-length: 5, 5\r\n\r\n" + OK,
    "a length beyond all numbers": LINE + b"content-length: " + b"9" * 40 + b"\r\n\r\n",
    "chunks that are no chunks": LINE + CHUNKED + b"\r\n" + OK,
    "a chunk below zero": LINE + CHUNKED + b"\r\n-1\r\n" + OK,
    "a chunk beyond all numbers": LINE + CHUNKED + b"\r\n" + b"f" * 40 + b"\r\n" + OK,
    "an encoding of nobody": LINE + b"transfer-encoding: xchunked\r\n\r\n" + CHUNKS,
    "a blank before the colon": LINE + b"content-length : 3\r\n\r\n" + OK,
    "a folded header": LINE + LENGTH + b"x-a: b\r\n c\r\n\r\n" + OK,
    "a header without a colon": LINE + LENGTH + b"nonsense\r\n\r\n" + OK,
    "a zero in a header": LINE + LENGTH + b"x-a: \0\r\n\r\n" + OK,
    "a name with a zero": LINE + LENGTH + b"x\0a: b\r\n\r\n" + OK,
    "a bare return in a header": LINE + LENGTH + b"x-a: b\rx-b: c\r\n\r\n" + OK,
    "no version": b"POST /graphql\r\n\r\n",
    "a version of nobody": b"POST /graphql HTTP/9.9\r\nhost: x\r\n\r\n",
    "a method of nobody": b"P\x01ST /graphql HTTP/1.1\r\nhost: x\r\n\r\n",
    "TLS to a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 99,
    "HTTP/2 unasked": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 30,
    "a forged read": GET + b"content-type: text/plain\r\n\r\n",
    "a forged read with a form": GET
    + b"content-type: application/x-www-form-urlencoded; application/json\r\n\r\n",
    "a forged read with an upload": GET
    + b"content-type: multipart/form-data; boundary=a\r\n\r\n",
    "a forged read with blanks": GET + b"content-type:    \r\n\r\n",
    "a forged read in capitals": GET + b"Content-Type: TEXT/PLAIN\r\n\r\n",
}


def of_router() -> Iterator[Hostile]:
    """Give what a router as it is shipped refuses."""
    for name, sent in HASHES.items():
        yield Hostile(name, sent, dict(JSON))
    for name, (coding, sent) in ENCODED.items():
        yield Hostile(name, sent, {**JSON, "content-encoding": coding})


def of_safelist() -> Iterator[Hostile]:
    """Give what a router with a safelist refuses."""
    for name, sent in GUESSES.items():
        yield Hostile(name, sent, dict(JSON))


def of_batches() -> Iterator[Hostile]:
    """Give what a router that takes lists refuses."""
    for name, sent in BATCHES.items():
        yield Hostile(name, sent, dict(JSON))
