"""What is passed on to another service, and what is not."""

import httpx
import pytest

from helpnest.passage import LARGEST_BODY, Passage


def passage(answer: httpx.Response | None, asked: list[httpx.Request]) -> Passage:
    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if answer is None:
            raise httpx.ConnectError("refused")
        return answer

    client = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    return Passage("http://auth:4001", client)


def caller(app: Passage) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://router")


async def test_path_query_body_and_answer_pass_unchanged() -> None:
    asked: list[httpx.Request] = []
    told = httpx.Response(
        401, json={"error": "x"}, headers={"cache-control": "no-store", "x-inner": "1"}
    )
    async with caller(passage(told, asked)) as client:
        answer = await client.post(
            "/auth/token?a=b%20c",
            content=b"grant_type=client_credentials",
            headers={"authorization": "Basic eA==", "x-forwarded-user": "admin"},
        )
    (request,) = asked
    assert str(request.url) == "http://auth:4001/auth/token?a=b%20c"
    assert request.content == b"grant_type=client_credentials"
    assert request.headers["authorization"] == "Basic eA=="
    assert "x-forwarded-user" not in request.headers
    assert (answer.status_code, answer.json()) == (401, {"error": "x"})
    assert answer.headers["cache-control"] == "no-store"
    assert "x-inner" not in answer.headers


async def test_a_service_that_is_down_is_told() -> None:
    async with caller(passage(None, [])) as client:
        answer = await client.get("/auth/.well-known/jwks.json")
    assert answer.status_code == 503
    assert answer.text == "The service does not answer.\n"


@pytest.mark.parametrize(
    ("size", "status"), [(LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)]
)
async def test_a_body_has_a_limit(size: int, status: int) -> None:
    async with caller(passage(httpx.Response(200), [])) as client:
        answer = await client.post("/auth/token", content=b"x" * size)
    assert answer.status_code == status
