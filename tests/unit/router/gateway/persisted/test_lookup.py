"""Documents that are named instead of sent: APQ, manifests, the safelist."""

import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from router.gateway.persisted.manifest import FORMAT
from router.settings import SettingsError, read_settings
from tests.support.routers import Client, running_router
from tests.support.tokens import bearer, verifier

Json = dict[str, Any]

TITLES = "{ tickets { title } }"
DATA = {"data": {"tickets": [{"title": "Printer"}, {"title": "Screen"}]}}
GRAPHQL = {"accept": "application/graphql-response+json"}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def named(text: str, **more: Any) -> Json:
    by = {"version": 1, "sha256Hash": digest(text)}
    return {"extensions": {"persistedQuery": by}, **more}


def code(answer: Any) -> str:
    found: str = answer.json()["errors"][0]["extensions"]["code"]
    assert answer.json().keys() == {"errors"}
    return found


async def test_a_document_is_registered_once_and_then_named() -> None:
    async with running_router() as client:
        unknown = await client.post(named(TITLES))
        strict = await client.post(named(TITLES), GRAPHQL)
        plain = await client.post(named(TITLES), {"accept": "application/json"})
        asked = len(client.subgraphs["tickets"].asked)
        registered = await client.post(named(TITLES, query=TITLES))
        again = await client.post(named(TITLES))
    assert [unknown.status_code, strict.status_code, plain.status_code] == [
        *(400, 400, 200)
    ]
    for each in (unknown, strict, plain):
        assert code(each) == "PERSISTED_QUERY_NOT_FOUND"
        assert each.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        assert "no-cache" in each.headers["cache-control"]
    assert asked == 0
    assert (registered.json(), again.json()) == (DATA, DATA)


async def test_a_document_is_named_by_get_too() -> None:
    extensions = orjson.dumps(named(TITLES)["extensions"]).decode()
    headers = {"apollo-require-preflight": "1"}
    async with running_router() as client:

        async def get(**more: str) -> Any:
            given = {"extensions": extensions, **more}
            return await client.http.get("/graphql", params=given, headers=headers)

        unknown, registered = await get(), await get(query=TITLES)
        assert (code(unknown), registered.json()) == ("PERSISTED_QUERY_NOT_FOUND", DATA)
        assert (await get()).json() == DATA


async def test_a_named_mutation_is_not_run_by_get() -> None:
    text = 'mutation { close(id: "1") { title } }'
    async with running_router() as client:
        await client.post(named(text, query=text))
        before = len(client.subgraphs["tickets"].asked)
        answer = await client.http.get(
            "/graphql",
            params={"extensions": orjson.dumps(named(text)["extensions"]).decode()},
            headers={"apollo-require-preflight": "1"},
        )
        assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
        assert len(client.subgraphs["tickets"].asked) == before


async def test_a_hash_of_something_else_poisons_nothing() -> None:
    other = "{ tickets { id } }"
    async with running_router() as client:
        answer = await client.post(named(TITLES, query=other))
        assert (answer.status_code, code(answer)) == (
            *(400, "PERSISTED_QUERY_HASH_MISMATCH"),
        )
        assert client.subgraphs["tickets"].asked == []
        for each in (TITLES, other):
            unknown = await client.post(named(each))
            assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "given",
    [
        *("x", 1, [], {}, {"sha256Hash": 1}, {"sha256Hash": ""}, {"sha256Hash": None}),
        {"version": 2, "sha256Hash": digest(TITLES)},
        {"version": "1", "sha256Hash": digest(TITLES)},
    ],
)
async def test_a_malformed_name_is_refused(given: Any) -> None:
    async with running_router() as client:
        body = {"query": TITLES, "extensions": {"persistedQuery": given}}
        answer = await client.post(body)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
        assert client.subgraphs["tickets"].asked == []


async def test_other_extensions_mean_nothing() -> None:
    async with running_router() as client:
        answer = await client.post({"query": TITLES, "extensions": {"x": 1}})
        assert answer.json() == DATA


async def test_where_it_is_off_a_client_is_told_to_send_documents() -> None:
    async with running_router("apq: {enabled: false}") as client:
        for body in (named(TITLES), named(TITLES, query=TITLES), {"documentId": "a"}):
            answer = await client.post(body, GRAPHQL)
            assert answer.status_code == 400
            assert code(answer) == "PERSISTED_QUERY_NOT_SUPPORTED"
        assert client.subgraphs["tickets"].asked == []
        assert (await client.post({"query": TITLES})).json() == DATA


async def test_a_registered_text_has_the_limits_of_any_other() -> None:
    text = "{ tickets { assignee { name } } }"
    async with running_router("limits: {max_depth: 2}") as client:
        answers = [await client.post(named(text, query=text)) for _ in range(2)]
        answers.append(await client.post(named(text)))
        assert [code(each) for each in answers] == ["MAX_DEPTH_LIMIT"] * 3


VIEWER = "query Viewer { viewer { name } }"
OPERATIONS: list[Json] = [
    {"id": digest(TITLES), "body": TITLES},
    {"id": "viewer", "body": VIEWER},
    {"id": "mine", "body": "{ tickets { id } }", "clientName": "web"},
]


@asynccontextmanager
async def with_manifest(folder: Path, more: str = "") -> AsyncGenerator[Client]:
    path = folder / "manifest.json"
    manifest = {"format": FORMAT, "version": 1, "operations": OPERATIONS}
    path.write_bytes(orjson.dumps(manifest))
    persisted = f"enabled: true, local_manifests: ['{path}']"
    head, _, rest = more.partition(";")
    yaml = f"persisted_queries: {{{persisted}{head}}}\n{rest}"
    async with running_router(yaml, verifier=verifier()) as client:
        yield client


async def test_a_persisted_document_is_run_by_either_name(tmp_path: Path) -> None:
    async with with_manifest(tmp_path) as client:
        for body in (
            named(TITLES),
            {"documentId": digest(TITLES)},
            {"documentId": f"sha256:{digest(TITLES)}"},
        ):
            assert (await client.post(body)).json() == DATA
        got = await client.http.get(
            "/graphql",
            params={"documentId": digest(TITLES)},
            headers={"apollo-require-preflight": "1"},
        )
        assert got.json() == DATA


async def test_a_persisted_document_shows_no_more_than_the_caller_may_see(
    tmp_path: Path,
) -> None:
    async with with_manifest(tmp_path) as client:
        stranger = await client.post({"documentId": "viewer"})
        known = await client.post({"documentId": "viewer"}, bearer())
        assert (stranger.status_code, code(stranger)) == (401, "UNAUTHENTICATED")
        assert known.json() == {"data": {"viewer": {"name": "Ada"}}}


async def test_an_id_is_for_its_own_client(tmp_path: Path) -> None:
    only = ", safelist: {enabled: true};apq: {enabled: false}"
    async with with_manifest(tmp_path, only) as client:
        mine = await client.post(
            {"documentId": "mine"}, {"apollographql-client-name": "web"}
        )
        assert mine.json() == {"data": {"tickets": [{"id": "1"}, {"id": "2"}]}}
        before = len(client.subgraphs["tickets"].asked)
        for name in ("", "ios", "WEB"):
            answer = await client.post(
                {"documentId": "mine"}, {"apollographql-client-name": name}
            )
            assert (answer.status_code, code(answer)) == (
                *(404, "PERSISTED_QUERY_NOT_IN_LIST"),
            )
        assert len(client.subgraphs["tickets"].asked) == before


async def test_unknown_ids_go_to_what_clients_registered(tmp_path: Path) -> None:
    other = "{ tickets { id } }"
    async with with_manifest(tmp_path) as client:
        assert code(await client.post(named(other))) == "PERSISTED_QUERY_NOT_FOUND"
        await client.post(named(other, query=other))
        assert (await client.post(named(other))).json()["data"]
        unknown = await client.post({"documentId": "x" * 500})
        assert (unknown.status_code, code(unknown)) == (
            *(404, "PERSISTED_QUERY_NOT_IN_LIST"),
        )
        assert len(unknown.content) < 400
        both = await client.post({"documentId": "viewer", "query": TITLES})
        assert code(both) == "CANNOT_SEND_PQ_ID_AND_BODY"


async def test_the_safelist_takes_what_is_listed_and_nothing_else(
    tmp_path: Path,
) -> None:
    only = ", log_unknown: true, safelist: {enabled: true};apq: {enabled: false}"
    async with with_manifest(tmp_path, only) as client:
        for text in (TITLES, "{tickets{title}}  # the same", "{ __typename }"):
            assert "data" in (await client.post({"query": text})).json()
        asked = len(client.subgraphs["tickets"].asked)
        with capture_logs() as logs:
            for text in ("{ tickets { id title } }", "{ t: tickets { title } }"):
                answer = await client.post({"query": text})
                assert (answer.status_code, code(answer)) == (
                    *(403, "QUERY_NOT_IN_SAFELIST"),
                )
        assert [each["document"] for each in logs] == [
            *("{ tickets { id title } }", "{ t: tickets { title } }"),
        ]
        both = await client.post(named(TITLES, query=TITLES))
        assert code(both) == "CANNOT_SEND_PQ_ID_AND_BODY"
        assert code(await client.post({"query": "{ tickets {"})) == (
            "GRAPHQL_PARSE_FAILED"
        )
        assert len(client.subgraphs["tickets"].asked) == asked


async def test_where_ids_are_required_no_text_is_taken(tmp_path: Path) -> None:
    only = ", safelist: {enabled: true, require_id: true};apq: {enabled: false}"
    async with with_manifest(tmp_path, only) as client:
        for text in (TITLES, "{ __typename }"):
            answer = await client.post({"query": text})
            assert (answer.status_code, code(answer)) == (
                *(400, "PERSISTED_QUERY_ID_REQUIRED"),
            )
        assert client.subgraphs["tickets"].asked == []
        assert (await client.post(named(TITLES))).json() == DATA


async def test_unknown_documents_are_only_told_of_without_a_safelist(
    tmp_path: Path,
) -> None:
    async with with_manifest(tmp_path, ", log_unknown: true") as client:
        with capture_logs() as logs:
            for text in (TITLES, "{ tickets { id title } }"):
                assert "data" in (await client.post({"query": text})).json()
    found = [each["document"] for each in logs if each["event"] == "operation.unknown"]
    assert found == ["{ tickets { id title } }"]


LISTED = "persisted_queries: {enabled: true, local_manifests: [a],"


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("persisted_queries: {enabled: true}", "local_manifests"),
        ("persisted_queries: {safelist: {enabled: true}}", "needs persisted_queries"),
        ("persisted_queries: {require_id_of: [a]}", "needs persisted_queries"),
        (
            f"{LISTED} safelist: {{require_id: true}}}}",
            "require_id needs safelist.enabled",
        ),
        (
            f"{LISTED} safelist: {{enabled: true}}}}",
            "needs apq.enabled: false",
        ),
    ],
)
def test_settings_that_would_not_do_what_they_say_are_refused(
    yaml: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings(yaml, {})
