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
        ("/graphql?query={tickets{id}}&extensions=nonsense", 400),
        ("/graphql?query={tickets{id}}&variables=" + "[" * 60 + "]" * 60, 400),
        ("/graphql?query=%ff", 400),
    ],
)
async def test_get_does_nothing_else(url: str, status: int) -> None:
    async with running_router() as client:
        answer = await client.http.get(url, headers=ASKED_BY_A_SCRIPT)
        asked = [fake.asked for fake in client.subgraphs.values()]
    assert (answer.status_code, asked) == (status, [[], []])


async def test_a_parameter_that_is_no_json_is_named() -> None:
    async with running_router() as client:
        answer = await client.http.get(
            "/graphql?query={tickets{id}}&variables={", headers=ASKED_BY_A_SCRIPT
        )
    [error] = answer.json()["errors"]
    assert error["message"].startswith("The parameter 'variables' is not JSON")


@pytest.mark.parametrize("name", ["Host", "Content-Type", "Content-Encoding"])
async def test_headers_of_which_there_is_one_come_once(name: str) -> None:
    once = {"host": "a", "content-type": "application/json"}
    twice = [*once.items(), *[(name.lower(), "identity")] * 2]
    async with running_router() as client:
        answer = await client.http.post(
            "/graphql", content=b'{"query":"{tickets{id}}"}', headers=twice
        )
        assert client.subgraphs["tickets"].asked == []
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["message"] == f"There are two {name} headers."


async def test_what_is_got_may_be_kept_for_those_alone_who_accept_the_same() -> None:
    url = "/graphql?query={tickets{id}}"
    async with running_router() as client:
        by_get = await client.http.get(url, headers=ASKED_BY_A_SCRIPT)
        by_post = await client.post({"query": TITLES})
    assert "accept" in by_get.headers.get_list("vary")
    assert "accept" not in by_post.headers.get_list("vary")


async def test_what_a_foreign_page_could_make_a_browser_send_is_refused() -> None:
    url = "/graphql?query={tickets{id}}"
    async with running_router() as client:
        forged = await client.http.get(url)
        plain = await client.http.get(url, headers={"content-type": "text/plain"})
        asked = await client.http.get(url, headers={"content-type": "application/json"})
    assert (forged.status_code, plain.status_code, asked.status_code) == (400, 400, 200)
    assert forged.json()["errors"][0]["extensions"]["code"] == "CSRF_PREVENTED"


async def test_a_mutation_by_get_is_told_to_be_a_post() -> None:
    async with running_router() as client:
        answer = await client.http.get(
            "/graphql?query=mutation{close(id:1){id}}", headers=ASKED_BY_A_SCRIPT
        )
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"


async def test_head_is_not_taken() -> None:
    async with running_router() as client:
        answer = await client.http.head(
            "/graphql?query={tickets{id}}", headers=ASKED_BY_A_SCRIPT
        )
        assert client.subgraphs["tickets"].asked == []
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, OPTIONS")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"content-type": ""}, 400),
        ({"content-type": "text/plain"}, 400),
        ({"content-type": "TEXT/PLAIN; charset=utf-8"}, 400),
        ({"content-type": "text/plain; application/json"}, 400),
        ({"content-type": "multipart/form-data; boundary=x"}, 400),
        ({"content-type": "application/x-www-form-urlencoded"}, 400),
        ({"x-requested-with": "XMLHttpRequest"}, 400),
        ({"content-type": "application/graphql"}, 400),
        ({"content-type": "text/plain,application/json"}, 400),
        ({"content-type": "nonsense"}, 400),
        ({"content-type": "application/json"}, 200),
        ({"content-type": "application/json; charset=utf-8"}, 200),
        ({"x-apollo-operation-name": "Titles"}, 200),
        ({"apollo-require-preflight": ""}, 200),
        ({"content-type": "text/plain", "apollo-require-preflight": "x"}, 200),
    ],
)
async def test_a_get_is_one_that_a_browser_asked_about_before(
    headers: dict[str, str], status: int
) -> None:
    async with running_router() as client:
        answer = await client.http.get("/graphql?query={tickets{id}}", headers=headers)
        assert len(client.subgraphs["tickets"].asked) == (status == 200)
    assert answer.status_code == status


async def test_settings_say_what_proves_that_a_browser_asked() -> None:
    url = "/graphql?query={tickets{id}}"
    async with running_router("csrf: {required_headers: [X-Mine]}") as client:
        mine = await client.http.get(url, headers={"x-mine": "1"})
        other = await client.http.get(url, headers=ASKED_BY_A_SCRIPT)
    assert (mine.status_code, other.status_code) == (200, 400)
    assert "x-mine" in other.json()["errors"][0]["message"]
    async with running_router("csrf: {unsafe_disabled: true}") as client:
        assert (await client.http.get(url)).status_code == 200
