"""A change takes effect between two requests; a broken one does not at all."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from router.app import create_app
from router.app.application import Application
from router.app.reload import Source
from router.gateway.persisted.manifest import FORMAT
from tests.support.routers import SDL, Subgraph, subgraphs

# However slow the machine is: these tests are about reloads.
PATIENT = "traffic_shaping: {all: {timeout: 60s}, router: {timeout: 60s}}"
TITLES = "{ tickets { id title assignee { name } } }"


@dataclass
class Watched:
    app: Application
    http: httpx.AsyncClient
    source: Source
    subgraphs: dict[str, Subgraph]

    async def ask(self, query: str) -> Any:
        body = orjson.dumps({"query": query})
        kind = {"content-type": "application/json"}
        return (await self.http.post("/graphql", content=body, headers=kind)).json()

    async def reload(self) -> bool:
        assert self.app.reloader is not None
        return await self.app.reloader.reload()


@asynccontextmanager
async def watched(folder: Path) -> AsyncGenerator[Watched]:
    """Run a router over files that a test may change."""
    source = Source(folder / "supergraph.graphql", folder / "router.yaml", {})
    source.supergraph.write_text(SDL)
    (folder / "router.yaml").write_text(f"limits: {{max_depth: 9}}\n{PATIENT}")
    fakes = subgraphs()
    app = create_app(*source.read(), transports=fakes, source=source)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://r") as http:
        yield Watched(app, http, source, fakes)
    await app.succession.close()


def write(path: Path | None, text: str) -> None:
    assert path is not None
    path.write_text(text)


async def test_new_settings_and_a_new_supergraph_serve_from_the_next_request(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        assert "errors" in await router.ask("{ tickets { extra } }")
        write(
            router.source.supergraph,
            SDL.replace("  title: String!\n", "  title: String!\n  extra: String\n"),
        )
        write(router.source.config, "limits: {max_depth: 1}")
        assert await router.reload()
        assert router.app.settings.limits.max_depth == 1
        assert (await router.ask("{ tickets { extra } }"))["errors"][0]["extensions"][
            "code"
        ] == "MAX_DEPTH_LIMIT"
        write(router.source.config, "limits: {max_depth: 9}")
        assert await router.reload()
        assert "errors" not in await router.ask("{ tickets { extra } }")


async def test_a_broken_file_is_refused_told_and_the_old_goes_on(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        before = router.app.gateway
        for path, text in (
            (router.source.supergraph, "type Query { broken"),
            (router.source.supergraph, "type Query { a: Int }"),
            (router.source.config, "limit: {}"),
            (router.source.config, "["),
            (router.source.config, "override_subgraph_url: {nobody: http://x}"),
        ):
            kept = path.read_text() if path else ""
            write(path, text)
            assert not await router.reload()
            write(path, kept)
        assert router.app.gateway is before
        assert "errors" not in await router.ask(TITLES)
        health = await router.http.get("/health")
        assert (health.status_code, health.json()) == (
            200,
            {"status": "UP", "reload": "refused"},
        )
        assert router.app.observer.metrics.reloads.values == {
            ("taken",): 0,
            ("refused",): 5,
        }
        assert await router.reload()
        assert (await router.http.get("/health")).json() == {"status": "UP"}


async def test_what_is_in_use_is_planned_before_the_switch(tmp_path: Path) -> None:
    async with watched(tmp_path) as router:
        for _ in range(3):
            await router.ask(TITLES)
        await router.ask("query A($id: ID!) { ticket(id: $id) { title } }")
        assert await router.reload()
        assert (
            len(router.app.gateway.documents),
            len(router.app.gateway.operations),
        ) == (
            2,
            2,
        )
        misses = dict(router.app.observer.metrics.cache_misses.values)
        await router.ask(TITLES)
        assert router.app.observer.metrics.cache_misses.values == misses


async def test_running_requests_end_on_the_old_one_which_is_closed_after_them(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        started, go = asyncio.Event(), asyncio.Event()
        fake = router.subgraphs["tickets"]
        plain = type(fake).__call__

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            started.set()
            await go.wait()
            await plain(fake, scope, receive, send)

        old = router.app.serving
        closed: list[bool] = []

        async def close() -> None:
            closed.append(True)

        old.gateway.subgraphs["tickets"].transport._app = slow  # type: ignore[attr-defined]
        old.gateway.subgraphs["users"].transport.close = close  # type: ignore[method-assign]
        running = asyncio.create_task(router.ask(TITLES))
        await started.wait()
        assert await router.reload()
        assert router.app.serving is not old
        assert "errors" not in await router.ask(TITLES)  # served by the new one
        assert closed == []
        go.set()
        assert "errors" not in await running
        for _ in range(100):
            if closed:
                break
            await asyncio.sleep(0.01)
        assert closed == [True]


async def test_twenty_reloads_under_fifty_clients_fail_no_request(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        found: list[Any] = []
        stop = asyncio.Event()

        async def client() -> None:
            while not stop.is_set():
                found.append(await router.ask(TITLES))

        clients = [asyncio.create_task(client()) for _ in range(50)]
        await asyncio.sleep(0.05)
        results: list[bool] = []
        for number in range(20):
            broken = number == 10
            write(router.source.supergraph, "broken" if broken else f"{SDL}#{number}")
            results.append(await router.reload())
        stop.set()
        await asyncio.gather(*clients)
    assert results == [number != 10 for number in range(20)]
    assert len(found) >= 50
    assert [each for each in found if "errors" in each] == []


async def test_a_look_takes_what_changed_and_leaves_what_did_not(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        reloader, taken = router.app.reloader, router.app.observer.metrics.reloads
        assert reloader is not None
        await reloader.look()
        router.source.supergraph.touch()
        await reloader.look()  # written anew, with the same text
        assert taken.values["taken",] == 0
        write(router.source.config, "limits: {max_depth: 3}")
        await reloader.look()
        assert taken.values["taken",] == 1
        assert router.app.settings.limits.max_depth == 3


async def test_callers_keep_what_they_have_spent(tmp_path: Path) -> None:
    async with watched(tmp_path) as router:
        spending = router.app.gateway.admission._spending
        assert await router.reload()
        assert router.app.gateway.admission._spending is spending


def listing(path: Path, body: str) -> None:
    operations = [{"id": "a", "body": body}]
    manifest = {"format": FORMAT, "version": 1, "operations": operations}
    path.write_bytes(orjson.dumps(manifest))


async def test_manifests_are_watched_as_the_settings_are(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    listing(manifest, "{ tickets { id } }")
    persisted = f"{{enabled: true, local_manifests: ['{manifest}']}}"
    async with watched(tmp_path) as router:
        write(router.source.config, f"persisted_queries: {persisted}\n{PATIENT}")
        assert await router.reload()
        reloader = router.app.reloader
        assert reloader is not None

        async def named() -> Any:
            body = orjson.dumps({"documentId": "a"})
            kind = {"content-type": "application/json"}
            return (
                await router.http.post("/graphql", content=body, headers=kind)
            ).json()

        two = {"data": {"tickets": [{"id": "1"}, {"id": "2"}]}}
        assert await named() == two
        before = router.app.gateway
        await reloader.look()
        assert router.app.gateway is before
        manifest.write_text("{")
        await reloader.look()
        assert (reloader.refused or "").startswith(
            f"persisted_queries.local_manifests: {manifest}: line 1: not JSON"
        )
        assert (router.app.gateway is before, await named()) == (True, two)
        listing(manifest, "{ tickets { title } }")
        await reloader.look()
        assert await named() == {
            "data": {"tickets": [{"title": "Printer"}, {"title": "Screen"}]}
        }


async def test_what_clients_registered_outlives_a_reload(tmp_path: Path) -> None:
    text = "{ tickets { id } }"
    digest = hashlib.sha256(text.encode()).hexdigest()
    named = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    kind = {"content-type": "application/json"}
    async with watched(tmp_path) as router:

        async def send(**more: str) -> Any:
            body = orjson.dumps({"extensions": named, **more})
            return (
                await router.http.post("/graphql", content=body, headers=kind)
            ).json()

        assert "data" in await send(query=text)
        assert await router.reload()
        assert "data" in await send()
        write(router.source.config, "apq: {router: {cache: {in_memory: {limit: 1}}}}")
        assert await router.reload()
        assert "errors" in await send()


async def test_files_that_say_what_is_served_leave_it_and_its_streams_alone(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as router:
        before, reloader = router.app.gateway, router.app.reloader
        assert reloader is not None
        assert router.source.config is not None
        kept = router.source.config.read_text()
        for text, refused in (
            (f"{kept}\n# a comment\n", False),
            ("limits: {max_dept: 9}", True),
            (kept, False),
        ):
            router.source.config.write_text(text)
            await reloader.look()
            assert (reloader.refused is not None) is refused
        assert router.app.gateway is before
        assert router.app.observer.metrics.reloads.values == {
            ("taken",): 0,
            ("refused",): 1,
        }
        assert await router.reload()  # a person who asks for it gets it
        assert router.app.gateway is not before
