import contextlib
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.guard import (
    MAX_JSON_DEPTH,
    GraphQLRequest,
    RefusedRequestError,
    check_media_type,
    error_body,
    nesting,
    parse_json,
    read_request,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    """Say it recursively."""
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        " application/json ; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=UTF8; profile=x",
    ],
)
def test_json_in_utf_8_is_taken(content_type: str) -> None:
    check_media_type(content_type, None)
    check_media_type(content_type, "identity")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/json; charset=latin-1",
        "text/plain; application/json",
    ],
)
def test_what_is_not_json_is_refused_by_415(content_type: str | None) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        check_media_type(content_type, None)

    assert refused.value.status == 415


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip"])
def test_a_compressed_body_is_refused(encoding: str) -> None:
    with pytest.raises(RefusedRequestError, match=encoding) as refused:
        check_media_type("application/json", encoding)

    assert refused.value.status == 415


@given(JSON_VALUES)
def test_json_is_read_as_python_reads_it(value: object) -> None:
    if depth_of(value) <= MAX_JSON_DEPTH:
        assert parse_json(json.dumps(value).encode()) == value


@given(JSON_VALUES)
def test_nesting_is_counted_as_recursion_would(value: object) -> None:
    assert nesting(value) == depth_of(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nope",
        b"{'query': 1}",
        b'{"query": "a"',
        b'{"query": "a",}',
        b"\xff\xfe{}",
        b'"\xc3\x28"',
        b'{"query": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"NaN",
        b"1" * 100_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"a": "\x00"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_json_is_refused_by_400(body: bytes) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        parse_json(body)

    assert (refused.value.status, refused.value.code) == (400, "BAD_REQUEST")


@given(st.binary(max_size=64))
def test_no_bytes_at_all_break_the_parser(body: bytes) -> None:
    with contextlib.suppress(RefusedRequestError):
        parse_json(body)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_may_nest_to_the_limit_and_no_deeper(opening: bytes) -> None:
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]
    deepest = opening * MAX_JSON_DEPTH + b"1" + closing * MAX_JSON_DEPTH

    assert nesting(parse_json(deepest)) == MAX_JSON_DEPTH
    with pytest.raises(RefusedRequestError, match="deeper than 50"):
        parse_json(opening + deepest + closing)


def test_many_brackets_side_by_side_do_not_nest() -> None:
    assert len(parse_json(b"[" + b"[]," * 500 + b"{}]")) == 501


def test_brackets_in_a_text_do_not_nest() -> None:
    assert parse_json(orjson.dumps({"query": "{" * 500})) == {"query": "{" * 500}


def test_a_request_is_read_whole() -> None:
    found = read_request(
        {
            "query": "{a}",
            "operationName": "A",
            "variables": {"x": 1},
            "extensions": {"y": 2},
            "unknown": 3,
        }
    )

    assert found == GraphQLRequest("{a}", "A", {"x": 1}, {"y": 2})


def test_null_members_count_as_absent() -> None:
    members = ["query", "operationName", "variables", "extensions"]

    assert (
        read_request(dict.fromkeys(members)) == read_request({}) == GraphQLRequest(None)
    )


@pytest.mark.parametrize("body", [None, 1, "text", True, 1.5])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(RefusedRequestError, match="not a JSON object"):
        read_request(body)


def test_a_batch_is_refused() -> None:
    with pytest.raises(RefusedRequestError, match="Batches") as refused:
        read_request([{"query": "{a}"}])

    assert refused.value.status == 400


@pytest.mark.parametrize("wrong", [1, True, [], {}, 1.5])
@pytest.mark.parametrize("name", ["query", "operationName"])
def test_a_text_member_of_another_type_is_named(name: str, wrong: object) -> None:
    with pytest.raises(RefusedRequestError, match=f"'{name}' must be a string"):
        read_request({"query": "{a}", name: wrong})


@pytest.mark.parametrize("wrong", [1, True, [], "x"])
@pytest.mark.parametrize("name", ["variables", "extensions"])
def test_an_object_member_of_another_type_is_named(name: str, wrong: object) -> None:
    with pytest.raises(RefusedRequestError, match=f"'{name}' must be an object"):
        read_request({"query": "{a}", name: wrong})


def test_an_error_body_is_graphqls() -> None:
    assert orjson.loads(error_body("No.", "FORBIDDEN", requestId="r")) == {
        "errors": [
            {"message": "No.", "extensions": {"code": "FORBIDDEN", "requestId": "r"}}
        ]
    }
