"""What counts as a GraphQL answer, and what as a fault."""

import pytest

from router.executor.answers import entities_of, read_answer
from router.executor.faults import SubgraphFault
from router.executor.transport.interface import Reply


def test_data_is_taken_as_it_is() -> None:
    assert read_answer(Reply(200, b'{"data":{"a":1}}'), "s") == ({"a": 1}, [])


def test_a_failing_status_with_errors_is_an_answer() -> None:
    body = b'{"errors":[{"message":"no"}]}'
    assert read_answer(Reply(401, body), "s") == (None, [{"message": "no"}])


def test_data_may_be_null_if_an_error_says_why() -> None:
    body = b'{"data":null,"errors":[{"message":"no"}]}'
    assert read_answer(Reply(200, body), "s") == (None, [{"message": "no"}])


@pytest.mark.parametrize(
    ("status", "body", "code", "says"),
    [
        (200, b"<html>", "SUBREQUEST_MALFORMED_RESPONSE", "not JSON"),
        (200, b'{"data":{"a"', "SUBREQUEST_MALFORMED_RESPONSE", "not JSON"),
        (200, b"", "SUBREQUEST_MALFORMED_RESPONSE", "not JSON"),
        (200, b"[]", "SUBREQUEST_MALFORMED_RESPONSE", "neither data nor errors"),
        (200, b'{"date":{}}', "SUBREQUEST_MALFORMED_RESPONSE", "neither"),
        (200, b'{"data":[]}', "SUBREQUEST_MALFORMED_RESPONSE", "not an object"),
        (200, b'{"data":null}', "SUBREQUEST_MALFORMED_RESPONSE", "no error says why"),
        (200, b'{"data":{},"errors":{"a":1}}', "SUBREQUEST_MALFORMED_RESPONSE", "list"),
        (503, b"down", "SUBGRAPH_UNAVAILABLE", "HTTP status 503"),
        (500, b'{"detail":"x"}', "SUBGRAPH_UNAVAILABLE", "HTTP status 500"),
        (404, b"nothing", "SUBREQUEST_HTTP_ERROR", "HTTP status 404"),
        (302, b"", "SUBREQUEST_HTTP_ERROR", "HTTP status 302"),
    ],
)
def test_anything_else_is_a_fault_that_says_what_it_was(
    status: int, body: bytes, code: str, says: str
) -> None:
    with pytest.raises(SubgraphFault, match=says) as caught:
        read_answer(Reply(status, body), "users")
    assert (caught.value.code, caught.value.service) == (code, "users")


@pytest.mark.parametrize("entities", [None, {}, "x", [], [1, 2, 3]])
def test_entities_line_up_with_what_was_sent(entities: object) -> None:
    with pytest.raises(SubgraphFault):
        entities_of({"_e": entities}, "_e", 2, "users")
