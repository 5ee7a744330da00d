"""What of an HTTP request becomes a GraphQL request, and what is refused."""

import pytest

from tests.support.routers import running_router

TITLES = "{ tickets { title } }"


DEEP = b'{"query":"{tickets{id}}","variables":{"a":' + b"[" * 200 + b"]" * 200 + b"}}"

BODIES: list[tuple[bytes, str, int]] = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"null", "application/json", 400),
    (b'"query"', "application/json", 400),
    (b"[]", "application/json", 400),
    (b'[{"query":"{tickets{id}}"}]', "application/json", 400),
    (b"{}", "application/json", 400),
    (b'{"query":1}', "application/json", 400),
    (b'{"query":""}', "application/json", 400),
    (b'{"query":"{tickets{id}}","variables":[]}', "application/json", 400),
    (b'{"query":"{tickets{id}}","operationName":7}', "application/json", 400),
    (b'{"query":"{tickets{id}}","extensions":"x"}', "application/json", 400),
    (b'{"query":"\xff"}', "application/json", 400),
    (b'{"query":"\\ud800"}', "application/json", 400),
    (DEEP, "application/json", 400),
    (
        b'{"query":"{tickets(first:' + b"9" * 50_000 + b'){id}}"}',
        "application/json",
        400,
    ),
    (b'{"query":"' + b"{a" * 900 + b'"}', "application/json", 400),
    (b'{"query":"' + b" " * 300_000 + b'"}', "application/json", 413),
    (b'{"query":"{tickets{id}}"}', "text/plain", 415),
    (b'{"query":"{tickets{id}}"}', "application/x-www-form-urlencoded", 415),
    (b'{"query":"{tickets{id}}"}', "application/json; charset=utf-16", 415),
    (b"query={tickets{id}}", "multipart/form-data; boundary=x", 415),
]


@pytest.mark.parametrize(("body", "media", "status"), BODIES)
async def test_a_body_that_is_no_request_is_refused(
    body: bytes, media: str, status: int
) -> None:
    async with running_router() as client:
        answer = await client.post(body, {"content-type": media})
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert answer.status_code == status
    assert answer.json()["errors"][0]["message"]
    assert asked == [[], []]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("content-encoding", "br", 415),
        ("content-encoding", "gzip, gzip", 415),
        ("content-encoding", "gzip", 400),
        ("content-length", "99999999999", 413),
        ("x-much", "x" * 70_000, 431),
    ],
)
async def test_a_header_that_promises_trouble_is_refused(
    header: str, value: str, status: int
) -> None:
    async with running_router() as client:
        answer = await client.post({"query": TITLES}, {header: value})
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_told_which_are_taken(method: str) -> None:
    async with running_router() as client:
        answer = await client.http.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")


ASKED_BY_A_SCRIPT = {"apollo-require-preflight": "1"}


async def test_get_runs_queries() -> None:
    async with running_router() as client:
        answer = await client.http.get(
            "/graphql",
            params={"query": "query($n: Int) { tickets(first: $n) { id } }",
                    "variables": '{"n": 1}', "unknown": "x"},
            headers=ASKED_BY_A_SCRIPT,
        )  # fmt: skip
        assert client.subgraphs["tickets"].asked[0]["variables"] == {"n": 1}
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/graphql?query=mutation{close(id:1){id}}", 405),
        ("/graphql", 400),
        ("/graphql?query={tickets{id}}&query={tickets{id}}", 400),
        ("/graphql?query={tickets{id}}&variables=[1]", 400),
        ("/graphql?query={tickets{id}}&variables={", 400),
        ("/graphql?query=%ff", 400),
    ],
)
async def test_get_does_nothing_else(url: str, status: int) -> None:
    async with running_router() as client:
        answer = await client.http.get(url, headers=ASKED_BY_A_SCRIPT)
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert (answer.status_code, asked) == (status, [[], []])


async def test_what_a_foreign_page_could_make_a_browser_send_is_refused() -> None:
    url = "/graphql?query={tickets{id}}"
    async with running_router() as client:
        forged = await client.http.get(url)
        plain = await client.http.get(url, headers={"content-type": "text/plain"})
        asked = await client.http.get(url, headers={"content-type": "application/json"})
    assert (forged.status_code, plain.status_code, asked.status_code) == (400, 400, 200)
    assert forged.json()["errors"][0]["extensions"]["code"] == "CSRF_PREVENTED"
