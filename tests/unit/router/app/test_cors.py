"""Which pages may read answers: policies by origin."""

import re

import httpx
import pytest

from router.settings import SettingsError, read_settings
from tests.support.routers import running_router

POLICIES = r"""
cors:
  origins: ["https://plain.example"]
  allow_headers: [content-type]
  max_age: 60
  policies:
    - origins: ["https://app.example"]
      allow_credentials: true
      expose_headers: [x-request-id]
    - match_origins: ['https://[a-z]+\.example', 'https://never\.example']
      methods: [GET]
      allow_headers: []
      max_age: 5
    - origins: ["https://named.example"]
"""

QUERY = {"query": "{ tickets { title } }"}


def cors(answer: httpx.Response) -> dict[str, str]:
    """Take what is said to browsers."""
    return {
        re.sub("^access-control-", "", name): value
        for name, value in answer.headers.items()
        if name.startswith("access-control-") or name == "vary"
    }


async def preflight(yaml: str, origin: str) -> dict[str, str]:
    headers = {"origin": origin, "access-control-request-headers": "x-a, x-b"}
    async with running_router(yaml) as client:
        answer = await client.http.options("/graphql", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, POST, OPTIONS"
    return cors(answer)


async def read(yaml: str, origin: str) -> dict[str, str]:
    async with running_router(yaml) as client:
        answer = await client.post(QUERY, {"origin": origin})
        assert "data" in answer.json()
    return cors(answer)


MIRRORED = "origin, access-control-request-headers"


async def test_a_policy_says_what_it_changes_and_the_rest_is_for_all() -> None:
    assert await read(POLICIES, "https://app.example") == {
        "allow-origin": "https://app.example",
        "allow-credentials": "true",
        "expose-headers": "x-request-id",
        "vary": "origin",
    }
    assert await preflight(POLICIES, "https://app.example") == {
        "allow-origin": "https://app.example",
        "allow-credentials": "true",
        "expose-headers": "x-request-id",
        "allow-methods": "GET, POST, OPTIONS",
        "allow-headers": "content-type",
        "max-age": "60",
        "vary": MIRRORED,
    }
    assert await preflight(POLICIES, "https://plain.example") == {
        "allow-origin": "https://plain.example",
        "allow-methods": "GET, POST, OPTIONS",
        "allow-headers": "content-type",
        "max-age": "60",
        "vary": MIRRORED,
    }


async def test_an_expression_counts_after_every_name() -> None:
    assert await preflight(POLICIES, "https://other.example") == {
        "allow-origin": "https://other.example",
        "allow-methods": "GET",
        "allow-headers": "x-a, x-b",
        "max-age": "5",
        "vary": MIRRORED,
    }
    named = await preflight(POLICIES, "https://named.example")
    assert named["allow-methods"] == "GET, POST, OPTIONS"


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", "*", "https://evil.test", "http://app.example"),
        *("https://app.example.evil.test", "https://evilapp.example.test"),
        *("https://app.example:444", "https://other.example.evil.test"),
        *("xhttps://other.example", "https://a.b.example", "https://APP.example"),
    ],
)
async def test_any_other_origin_is_told_nothing(origin: str) -> None:
    assert await read(POLICIES, origin) == {"vary": "origin"}
    assert await preflight(POLICIES, origin) == {"vary": "origin"}


async def test_without_policies_no_page_is_told_anything() -> None:
    assert await read("", "https://app.example") == {}


async def test_any_origin_means_any_but_without_cookies() -> None:
    found = await read("cors: {allow_any_origin: true}", "null")
    assert found == {"allow-origin": "*", "vary": "origin"}


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("{allow_any_origin: true, allow_credentials: true}", "needs named origins"),
        ("{origins: ['*']}", "say allow_any_origin"),
        ("{policies: [{origins: ['*']}]}", "say allow_any_origin"),
        ("{policies: [{methods: [GET]}]}", "names origins or match_origins"),
        ("{policies: [{match_origins: ['(']}]}", "not a regular expression"),
        ("{policies: [{origin: a}]}", "did you mean origins"),
    ],
)
def test_policies_that_make_no_sense_are_refused(yaml: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        read_settings(f"cors: {yaml}", {})
