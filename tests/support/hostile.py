"""Requests that nobody should send, by name. Each is refused, wherever it goes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

JSON = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json",
}
OK = b'{"query":"{ __typename }"}'


@dataclass(frozen=True)
class Hostile:
    """One request; ``only`` names the servers that it means, all if empty."""

    name: str
    body: bytes = OK
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    method: str = "POST"
    query: str = ""
    only: tuple[str, ...] = ()


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b"  \n ",
    "null": b"null",
    "true": b"true",
    "a number": b"7",
    "a text": b'"{ __typename }"',
    "an empty list": b"[]",
    "a batch": b"[" + OK + b"," + OK + b"]",
    "a list of nothing": b"[null]",
    "an empty object": b"{}",
    "no query": b'{"variables":{}}',
    "a null query": b'{"query":null}',
    "a query that is a number": b'{"query":1}',
    "a query that is a list": b'{"query":["{ __typename }"]}',
    "a query that is an object": b'{"query":{}}',
    "a query that is true": b'{"query":true}',
    "an empty query": b'{"query":""}',
    "a blank query": b'{"query":" \\n\\t"}',
    "a name that is a number": b'{"query":"{ __typename }","operationName":1}',
    "a name that is a list": b'{"query":"{ __typename }","operationName":[]}',
    "variables in a text": b'{"query":"{ __typename }","variables":"{}"}',
    "variables in a list": b'{"query":"{ __typename }","variables":[]}',
    "variables that are a number": b'{"query":"{ __typename }","variables":0}',
    "extensions in a text": b'{"query":"{ __typename }","extensions":"x"}',
    "extensions in a list": b'{"query":"{ __typename }","extensions":[]}',
    "an open brace": b"{",
    "half a member": b'{"query"',
    "single quotes": b"{'query':'{ __typename }'}",
    "a comma too many": b'{"query":"{ __typename }",}',
    "no number": b'{"query":"{ __typename }","variables":{"a":NaN}}',
    "infinity": b'{"query":"{ __typename }","variables":{"a":Infinity}}',
    "two documents": OK + OK,
    "something after it": OK + b" x",
    "a comment": b"/* */" + OK,
    "UTF-16": OK.decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + OK,
    "bytes that are no UTF-8": b'{"query":"{ \xff }"}',
    "half a character": b'{"query":"{ \xe2\x82 }"}',
    "an overlong character": b'{"query":"{ \xc0\xaf }"}',
    "a lone surrogate": b'{"query":"{ a(b: \\"\\ud800\\") }"}',
    "a raw control character": b'{"query":"{ \x01 }"}',
    "a raw line end": b'{"query":"{ \n }"}',
    "gzip in plain sight": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "lists 60 deep": b'{"query":"{ __typename }","variables":{"a":%s}}'
    % (b"[" * 60 + b"]" * 60),
    "lists 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "lists 100,000 deep, never closed": b"[" * 100_000,
    "objects 60 deep": b'{"query":"{ __typename }","variables":%s}'
    % (b'{"a":' * 60 + b"1" + b"}" * 60),
    "objects 20,000 deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "an integer of 100,000 digits": b'{"query":%s}' % (b"9" * 100_000),
    "an exponent without end": b'{"query":1e999999999}',
    "5,000,000 bytes": b'{"query":"%s"}' % (b"#" * 5_000_000),
}

MEDIA: dict[str, dict[str, str]] = {
    "no media type": {"content-type": ""},
    "a form": {"content-type": "application/x-www-form-urlencoded"},
    "an upload": {"content-type": "multipart/form-data; boundary=x"},
    "plain text": {"content-type": "text/plain"},
    "bare GraphQL": {"content-type": "application/graphql"},
    "a media type of nobody": {"content-type": "application/jsonp"},
    "two media types": {"content-type": "text/plain, application/json"},
    "another charset": {"content-type": "application/json; charset=utf-16"},
    "latin-1": {"content-type": 'application/json; charset="iso-8859-1"'},
    "gzip": {"content-encoding": "gzip"},
    "a bomb": {"content-encoding": "gzip, gzip, gzip"},
    "brotli": {"content-encoding": "br"},
    "deflate": {"content-encoding": "deflate"},
}

BOMB = " ".join(
    f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40)
)
OVERLAP = "{ " + " ".join("__schema { types { name } }" for _ in range(300)) + " }"
DOCUMENTS: dict[str, str] = {
    "a brace": "{",
    "the other brace": "}",
    "no selection": "{ }",
    "a keyword": "query",
    "an open argument": "{ a(",
    "an open text": '{ a(b: "',
    "an open block": '{ a(b: """',
    "an unknown field": "{ nonsense }",
    "Python's insides": "{ __class__ }",
    "JavaScript's insides": "{ __proto__ { constructor } }",
    "a field of mutations": "{ __schema { mutation } }",
    "no operation": "fragment F on Query { __typename }",
    "an unknown fragment": "{ ...F }",
    "a fragment in itself": "{ ...F } fragment F on Query { ...F }",
    "fragments in each other": "{ ...F } fragment F on Query { ...G } "
    "fragment G on Query { ...F }",
    "a fragment twice": "{ ...F } fragment F on Query { __typename } "
    "fragment F on Query { __typename }",
    "a fragment on nothing": "{ ... on Nonsense { a } }",
    "a fragment on a scalar": "{ ... on String { a } }",
    "a schema": "type Query { a: Int }",
    "an extension": "extend type Query { a: Int }",
    "a directive's definition": "directive @a on FIELD",
    "two nameless operations": "{ __typename } { __typename }",
    "two operations, none chosen": "query A { __typename } query B { __typename }",
    "one name twice": "query A { __typename } query A { __typename }",
    "a variable twice": "query($a: Int, $a: Int) { __typename }",
    "a variable that nobody defined": "{ __type(name: $a) { name } }",
    "a variable that nobody uses": "query($a: Int) { __typename }",
    "a variable of no type": "query($a: Nonsense) { __type(name: $a) { name } }",
    "a variable of an output type": "query($a: Query) { __typename @skip(if: $a) }",
    "an unknown directive": "{ __typename @nonsense }",
    "@skip of nothing": "{ __typename @skip }",
    "@include of a text": '{ __typename @include(if: "true") }',
    "@skip twice": "{ __typename @skip(if: true) @skip(if: true) }",
    "@deprecated on a field": "{ __typename @deprecated }",
    "an unknown argument": '{ __type(name: "a", b: 1) { name } }',
    "a missing argument": "{ __type { name } }",
    "an argument twice": '{ __type(name: "a", name: "b") { name } }',
    "a number for a text": "{ __type(name: 1) { name } }",
    "null for a text": "{ __type(name: null) { name } }",
    "a list for a text": '{ __type(name: ["a"]) { name } }',
    "an object for a text": "{ __type(name: {a: 1}) { name } }",
    "fields of a leaf": "{ __typename { a } }",
    "an object without fields": "{ __schema }",
    "one key for two fields": "{ a: __typename a: __schema { description } }",
    "one key, two arguments": '{ a: __type(name: "a") { name } '
    'a: __type(name: "b") { name } }',
    "an operation that is none": "drop table users",
    "a statement of another language": "'; DROP TABLE users; --",
    "a shell's": "$(reboot)",
    "markup": "<script>alert(1)</script>",
    "a null character": "{ __typename \u0000 }",
    "a name beyond ASCII": "{ näme }",
    "a character beyond Unicode": '{ __type(name: "\\u{110000}") { name } }',
    "half a surrogate": '{ __type(name: "\\uD800") { name } }',
    "an unknown escape": '{ __type(name: "\\x") { name } }',
    "a number with a leading zero": "{ __type(name: 00) { name } }",
    "a number without digits": "{ __type(name: -) { name } }",
    "a number and a name": "{ __type(name: 1a) { name } }",
    "a subscription to nothing": "subscription { nonsense }",
    "lists 3,000 deep": "{ __type(name: " + "[" * 3_000 + "]" * 3_000 + ") { name } }",
    "objects 3,000 deep": "{ __type(name: " + "{a:" * 3_000 + "1" + "}" * 3_000 + ") }",
    "types 3,000 deep": "query($a: " + "[" * 3_000 + "Int" + "]" * 3_000 + ") { a }",
    "fields 30 deep": "{ __schema { types "
    + "{ fields { type " * 15
    + "{ name }"
    + "} }" * 15
    + " } }",
    "fields 5,000 deep": "{ a " * 5_000 + "}" * 5_000,
    "inline fragments 5,000 deep": "{ ... " * 5_000 + "{ a }" + "}" * 5_000,
    "2,100 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(2_100)) + " }",
    "70 root fields": "{ " + " ".join(f"a{n}: __typename" for n in range(70)) + " }",
    "501 directives": "{ __typename " + "@skip(if: false) " * 501 + "}",
    "40,000 fields": "{ " + "a " * 40_000 + "}",
    "40,000 brackets": "{ a(b: " + "[" * 20_000 + "]" * 20_000 + ") }",
    "2^40 spreads": f"{{ ...F0 }} {BOMB} fragment F40 on Query {{ __typename }}",
    "2^40 fields": "{ ...F0 } "
    + " ".join(
        f"fragment F{n} on Query {{ a{n}: __typename ...F{n + 1} ...F{n + 1} }}"
        for n in range(40)
    )
    + " fragment F40 on Query { __typename }",
    "the same things 300 times": OVERLAP,
    "a text of 200,000 characters": '{ __type(name: "' + "x" * 200_000 + '" }',
    "200,000 characters of comment": "# " + "x" * 200_000,
    "a name of 200,000 characters": "{ " + "x" * 200_000 + " }",
}

METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")

ROUTER = ("router",)
READS: dict[str, str] = {
    "a read that a page could forge": "query=%7B__typename%7D",
    "a form that a page could forge": "query=%7B__typename%7D&variables=%7B%7D",
}
GETS: dict[str, str] = {
    "nothing read": "",
    "an empty read": "query=",
    "a read twice": "query=%7B__typename%7D&query=%7B__typename%7D",
    "a read in no charset": "query=%FF",
    "variables that are no JSON": "query=%7B__typename%7D&variables=%7B",
    "variables that are a list": "query=%7B__typename%7D&variables=%5B%5D",
    "extensions that are a number": "query=%7B__typename%7D&extensions=1",
    "writing by reading": "query=mutation%7BsignOut%7BuserErrors%7Bcode%7D%7D%7D",
}


def values(field_name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give values that no list's size can have, for a field with ``first``."""
    wrong: list[Any] = ["1", "", 1.5, 2**31, -(2**40), 10**30, True, [[]], {}, [1, 2]]
    document = f"query($n: Int) {{ {field_name}(first: $n) {{ totalCount }} }}"
    for value in wrong:
        yield f"first: {value!r}", {"query": document, "variables": {"n": value}}
    needed = document.replace("Int", "Int!")
    yield "first: null", {"query": needed, "variables": {"n": None}}
    yield "first: absent", {"query": needed}
    shape = f"query($f: X) {{ {field_name}(filter: $f) {{ totalCount }} }}"
    kind = {"tickets": "TicketFilter", "users": "UserFilter"}[field_name]
    for filtered in ({"nonsense": 1}, {"and": "x"}, {"__proto__": {}}, "x", 1):
        body = {"query": shape.replace("X", kind), "variables": {"f": filtered}}
        yield f"filter: {filtered!r}", body


def requests() -> Iterator[Hostile]:
    """Give every request that means any server."""
    for name, body in BODIES.items():
        yield Hostile(name, body)
    for name, headers in MEDIA.items():
        yield Hostile(name, headers={**JSON, **headers})
    for name, text in DOCUMENTS.items():
        yield Hostile(name, json.dumps({"query": text}).encode())
    chosen = {"query": "query A { __typename }", "operationName": "B"}
    yield Hostile("an operation that is not there", json.dumps(chosen).encode())
    for method in METHODS:
        yield Hostile(method, method=method)
    for name, query in GETS.items():
        yield Hostile(name, b"", method="GET", query=query)
    for name, query in READS.items():
        plain = {"accept": JSON["accept"]}
        yield Hostile(name, b"", plain, "GET", query, only=ROUTER)
    yield Hostile(
        "only pages accepted", headers={**JSON, "accept": "text/html"}, only=ROUTER
    )
    large = {**JSON, "x-large": "x" * 70_000}
    yield Hostile("headers of 70,000 bytes", headers=large, only=ROUTER)
    yield Hostile("300,000 bytes", b'{"query":"%s"}' % (b"#" * 300_000), only=ROUTER)
