from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from helpnest.replay.client import (
    Credentials,
    PublicGraphClient,
    RefusedError,
    Reply,
    UnreachableError,
)

TOKEN = {"access_token": "t", "expires_in": 300}
DONE = {"data": {"ok": True}}


class Server:
    """Answers from a list, one answer for each request; an error is raised."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.seen: list[str] = []

    async def __call__(
        self, url: str, body: bytes, headers: Mapping[str, str], /
    ) -> Reply:
        assert body
        assert headers["content-type"]
        self.seen.append(url.rsplit("/", 1)[1])
        answer = self.answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        return Reply(status, orjson.dumps(content))

    def client(self, pauses: tuple[float, ...] = (0.0, 0.0)) -> PublicGraphClient:
        secret = Credentials("sva_1", "secret")
        return PublicGraphClient(self, "http://h/graphql", secret, pauses)


async def test_a_token_is_had_once_and_used_again() -> None:
    server = Server(TOKEN, DONE, DONE)
    client = server.client()
    assert await client.send("{ok}", {}) == {"ok": True}
    assert await client.send("{ok}", {}) == {"ok": True}
    assert server.seen == ["token", "graphql", "graphql"]


def coded(code: str) -> dict[str, Any]:
    return {"errors": [{"message": "no", "extensions": {"code": code}}], "data": None}


@pytest.mark.parametrize(
    "passing",
    [
        OSError("refused"),
        (503, {}),
        (500, coded("INTERNAL")),
        coded("SUBGRAPH_UNAVAILABLE"),
        (429, coded("RATE_LIMITED")),
    ],
)
async def test_what_passes_is_tried_again(passing: Any) -> None:
    server = Server(TOKEN, passing, DONE)
    assert await server.client().send("{ok}", {}) == {"ok": True}


async def test_an_expired_token_is_renewed() -> None:
    server = Server(TOKEN, (401, coded("UNAUTHENTICATED")), TOKEN, DONE)
    assert await server.client().send("{ok}", {}) == {"ok": True}
    assert server.seen == ["token", "graphql", "token", "graphql"]


async def test_what_will_not_pass_is_said_at_once() -> None:
    server = Server(TOKEN, (400, coded("BAD_USER_INPUT")))
    with pytest.raises(RefusedError, match="no"):
        await server.client().send("{ok}", {})


async def test_wrong_credentials_are_said_at_once() -> None:
    server = Server((401, {"error": "invalid_client"}))
    with pytest.raises(RefusedError, match="invalid_client"):
        await server.client().send("{ok}", {})


async def test_who_never_answers_is_given_up() -> None:
    server = Server(*[OSError("refused")] * 3)
    with pytest.raises(UnreachableError, match="refused"):
        await server.client().send("{ok}", {})
    assert len(server.seen) == 3


def test_a_secret_is_not_shown() -> None:
    assert "hush" not in repr(Credentials("sva_1", "hush"))
