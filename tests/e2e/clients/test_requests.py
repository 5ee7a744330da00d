"""Apollo Client 4, in Node, with its own links."""

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.node_clients import listening, run_script
from tests.support.routers import Client, running_router
from tests.support.tokens import sign, verifier

Json = dict[str, Any]

TICKETS = [
    {
        "__typename": "Ticket",
        "id": number,
        "title": title,
        "assignee": {"__typename": "User", "name": name},
    }
    for number, title, name in (("1", "Printer", "Ada"), ("2", "Screen", "Ben"))
]
TITLES = {"data": {"tickets": TICKETS}}
VIEWER = {"data": {"viewer": {"__typename": "User", "name": "Ada"}}}
CLOSED = {"data": {"close": {"__typename": "Ticket", "id": "1", "title": "Closed"}}}


def failed(code: str) -> Json:
    return {"error": {"kind": "CombinedGraphQLErrors", "codes": [code]}}


INVALID = failed("GRAPHQL_VALIDATION_FAILED")
ALL = [TITLES, TITLES, VIEWER, CLOSED, INVALID]


async def run(client: Client, scenario: str, *more: str) -> tuple[list[Json], Any]:
    """Let Apollo Client ask; what it got, and what went over the wire."""
    async with listening(client.app) as url:
        found = await run_script("requests.mjs", scenario, url, sign("usr_1"), *more)
    wire = [(each["method"], each["text"], each["status"]) for each in found["sent"]]
    return found["answers"], wire


@pytest.mark.parametrize(("scenario", "method"), [("plain", "POST"), ("byGet", "GET")])
async def test_queries_and_mutations(scenario: str, method: str) -> None:
    async with running_router(verifier=verifier()) as client:
        answers, wire = await run(client, scenario)
    assert answers == ALL
    assert wire == [
        *[(method, True, 200)] * 3,
        ("POST", True, 200),
        (method, True, 400),
    ]


@pytest.mark.parametrize(
    ("scenario", "method"), [("automatic", "POST"), ("automaticByGet", "GET")]
)
async def test_automatic_persisted_queries(scenario: str, method: str) -> None:
    async with running_router(verifier=verifier()) as client:
        answers, wire = await run(client, scenario)
        assert answers == ALL
        assert wire[:3] == [
            (method, False, 400),
            ("POST" if method == "POST" else wire[1][0], True, 200),
            (method, False, 200),
        ]
        again, named = await run(client, scenario)
    assert again == ALL
    assert named == [
        *[(method, False, 200)] * 3,
        ("POST", False, 200),
        (method, False, 400),
    ]


async def test_where_hashes_are_not_taken_it_sends_documents() -> None:
    async with running_router("apq: {enabled: false}", verifier=verifier()) as client:
        answers, wire = await run(client, "automatic")
    assert answers == ALL
    assert wire == [
        ("POST", False, 400),
        *[("POST", True, 200)] * 4,
        ("POST", True, 400),
    ]


DOCUMENTS = {
    "Titles": """query Titles($first: Int) {
  tickets(first: $first) {
    id
    title
    assignee {
      name
      __typename
    }
    __typename
  }
}""",
    "Viewer": """query Viewer {
  viewer {
    name
    __typename
  }
}""",
}
"""What Apollo's own tool would write for the script's documents, but for two."""


def manifest(folder: Path) -> Path:
    path = folder / "manifest.json"
    operations = [
        {
            "id": hashlib.sha256(body.encode()).hexdigest(),
            "name": name,
            "type": "query",
            "body": body,
            "clientName": "tests",
        }
        for name, body in DOCUMENTS.items()
    ]
    head = {"format": "apollo-persisted-query-manifest", "version": 1}
    path.write_bytes(orjson.dumps({**head, "operations": operations}))
    return path


async def test_persisted_documents(tmp_path: Path) -> None:
    path = manifest(tmp_path)
    yaml = f"""
apq: {{enabled: false}}
persisted_queries:
  enabled: true
  local_manifests: ['{path}']
  safelist: {{enabled: true, require_id: true}}
"""
    async with running_router(yaml, verifier=verifier()) as client:
        runtime, wire = await run(client, "atRuntime")
        assert runtime[:3] == [TITLES, TITLES, VIEWER]
        assert runtime[3:] == [failed("PERSISTED_QUERY_NOT_IN_LIST")] * 2
        assert wire == [*[("POST", False, 200)] * 3, *[("POST", False, 404)] * 2]
        listed, _ = await run(client, "fromManifest", str(path))
        assert listed[:3] == [TITLES, TITLES, VIEWER]
        plain, _ = await run(client, "plain")
        assert plain == [failed("PERSISTED_QUERY_ID_REQUIRED")] * 5


async def test_batches() -> None:
    async with running_router("batching: {enabled: true}", verifier=verifier()) as on:
        answers, wire = await run(on, "batched")
    assert answers == [TITLES, INVALID, VIEWER]
    assert wire == [("POST", True, 200)]
