"""Whose documents are taken by id alone, and whom a hook lets go free."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from router.gateway.persisted.lookup import FREE
from router.hooks.model import Request
from tests.unit.router.gateway.persisted.test_lookup import (
    DATA,
    TITLES,
    code,
    named,
    with_manifest,
)

WEB = {"apollographql-client-name": "web"}


async def test_some_clients_must_name_documents_and_others_need_not(
    tmp_path: Path,
) -> None:
    other = "{ tickets { id } }"
    async with with_manifest(tmp_path, ", require_id_of: [web, ios]") as client:
        registered = await client.post(named(other, query=other))
        assert registered.json()["data"]
        asked = len(client.subgraphs["tickets"].asked)
        refused = {
            "PERSISTED_QUERY_ID_REQUIRED": [{"query": TITLES}, {"query": other}],
            "CANNOT_SEND_PQ_ID_AND_BODY": [named(TITLES, query=TITLES)],
            "PERSISTED_QUERY_NOT_IN_LIST": [named(other), {"documentId": "x"}],
        }
        for said, bodies in refused.items():
            for body in bodies:
                assert code(await client.post(body, WEB)) == said
        assert len(client.subgraphs["tickets"].asked) == asked
        assert (await client.post(named(TITLES), WEB)).json() == DATA
        for name in ("", "console"):
            who = {"apollographql-client-name": name}
            assert (await client.post({"query": TITLES}, who)).json() == DATA
            assert (await client.post(named(other), who)).json()["data"]


@pytest.mark.parametrize(
    "demand",
    [
        ", require_id_of: [web]",
        ", safelist: {enabled: true};apq: {enabled: false}",
        ", safelist: {enabled: true, require_id: true};apq: {enabled: false}",
    ],
)
async def test_a_hook_may_let_a_request_send_what_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demand: str
) -> None:
    async def on_request(request: Request) -> None:
        request.context[FREE] = request.header("x-free") == "1"

    module = ModuleType("hooks_of_a_test")
    vars(module)["on_request"] = on_request
    monkeypatch.setitem(sys.modules, module.__name__, module)
    hooks = "" if ";" in demand else ";"
    more = f"{demand}{hooks}\nhooks: {{module: {module.__name__}}}"
    async with with_manifest(tmp_path, more) as client:
        body = {"query": "{ tickets { id title } }"}
        assert "errors" in (await client.post(body, WEB)).json()
        assert client.subgraphs["tickets"].asked == []
        assert (await client.post(body, {**WEB, "x-free": "1"})).json()["data"]
