import asyncio
import time
from typing import Any, cast

import pytest

from kit.endpoint import GraphQLEndpoint
from kit.streams import stream as streams
from kit.tokens import Revocations
from router.app.streams import SCHEMA_RELOAD
from router.settings import read_settings
from tests.support.asgi import TOKEN
from tests.support.followers import asking, closed, code, of, token_of
from tests.support.following import FORWARD, SDL, following
from tests.support.streams import connected, streaming, until


async def test_equal_streams_of_one_caller_are_one_upstream() -> None:
    other = "subscription X($id: ID!) { ticketChanged(id: $id) { title who } }"
    async with following() as graph:
        token = token_of("usr_1")
        async with (
            streaming(graph.app, asking(), [token]) as one,
            streaming(graph.app, asking(), [token]) as two,
            streaming(graph.app, asking(id="2"), [token]) as three,
            streaming(graph.app, asking(other), [token]) as four,
            streaming(graph.app, asking(), [token_of("usr_2")]) as five,
        ):
            await graph.heard(4)
            assert len(graph.app.gateway.upstreams) == 4
            graph.happenings.happen("now")
            for answer in (one, two, three, four, five):
                assert of(await answer.payload())["title"] == "now"
            two.leave()
            one.leave()
            await graph.heard(3)
        await closed(graph)


async def test_sharing_can_be_switched_off() -> None:
    yaml = "subscription: {deduplication: {enabled: false}}"
    async with (
        following(yaml) as graph,
        streaming(graph.app, asking(), [TOKEN]),
        streaming(graph.app, asking(), [TOKEN]),
    ):
        await graph.heard(2)


async def test_a_caller_has_so_many_and_all_together_so_many() -> None:
    yaml = (
        "helpnest: {subscriptions: {max_per_identity: 1}}\n"
        "subscription: {max_opened_subscriptions: 2}"
    )
    async with following(yaml) as graph:
        async with streaming(graph.app, asking(), [token_of("usr_1")]):
            async with streaming(graph.app, asking(), [token_of("usr_1")]) as second:
                assert (second.status, code(await second.body())) == (
                    429,
                    "SUBSCRIPTION_MAX_LIMIT",
                )
            async with (
                streaming(graph.app, asking(), [token_of("usr_2")]),
                streaming(graph.app, asking(), [token_of("usr_3")]) as third,
            ):
                assert (third.status, code(await third.body())) == (
                    503,
                    "SUBSCRIPTION_MAX_LIMIT",
                )
        await closed(graph)
        async with streaming(graph.app, asking(), [token_of("usr_1")]) as again:
            assert again.status == 200


async def test_a_client_that_falls_behind_is_dropped_and_others_are_not() -> None:
    yaml = "subscription: {queue_capacity: 3}"
    query = 'subscription { ticketChanged(id: "1") { title } }'
    async with following(yaml) as graph:
        async with streaming(graph.app, asking(query), [TOKEN]) as slow:
            await graph.heard()
            (upstream,) = graph.app.gateway.upstreams.each()
            (mailbox,) = upstream.readers
            async with streaming(graph.app, asking(query), [TOKEN]) as quick:
                await asyncio.sleep(0.01)
                assert len(upstream.readers) == 2
                for number in range(3):  # as if nobody read them
                    mailbox._events.append(b"%d" % number)
                graph.happenings.happen("one too many")
                assert of(await quick.payload()) == {"title": "one too many"}
                last = await slow.payload()
                assert code(last) == "TOO_SLOW"
        await closed(graph)


async def test_a_token_that_expires_or_is_revoked_ends_the_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "LOOK_SECONDS", 0.01)
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.trust.clock = lambda: time.time() + 10_000
            last = await answer.payload()
            assert (code(last), last["errors"][0]["message"]) == (
                "UNAUTHENTICATED",
                "The token has expired.",
            )
            assert await answer.payload() is None
        graph.trust.clock = time.time
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            revoked = Revocations({"usr_7": int(time.time()) + 60})
            graph.trust.revocations = revoked
            last = await answer.payload()
            assert last["errors"][0]["message"] == "The token was revoked."
        await closed(graph)


@pytest.mark.parametrize(
    ("sdl", "yaml", "why"),
    [
        (SDL + "scalar Extra", "", "SUBSCRIPTION_SCHEMA_RELOAD"),
        (SDL, "limits: {max_depth: 14}", "SUBSCRIPTION_CONFIG_RELOAD"),
    ],
)
async def test_a_reload_ends_streams_with_an_error_that_says_come_again(
    sdl: str, yaml: str, why: str
) -> None:
    async with following() as graph:
        old = graph.app.gateway
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            settings = read_settings(FORWARD + yaml, {})
            await graph.app.succession.change(settings, sdl)
            assert code(await answer.payload()) == why
            assert await answer.payload() is None
        await graph.heard(0)
        assert len(old.upstreams) == 0
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.happenings.happen("after")
            assert of(await answer.payload())["title"] == "after"
    assert SCHEMA_RELOAD.close == 1012


async def test_a_router_that_stops_ends_its_streams() -> None:
    async with following() as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.app.leave()
            assert code(await answer.payload()) == "SUBSCRIPTION_SERVER_STOPPED"
        await closed(graph)


async def test_a_silent_stream_beats() -> None:
    yaml = "helpnest: {subscriptions: {heartbeat: 10ms}}"
    async with (
        following(yaml) as graph,
        streaming(graph.app, asking(), [TOKEN]) as answer,
    ):
        assert await answer.part() == {}
        assert await answer.part() == {}


async def test_only_what_the_router_signs_gets_events_from_a_closed_subgraph() -> None:
    secret = "only the router and its subgraphs know this"
    async with following(
        f"helpnest: {{router_secret: {secret}}}", secret=secret
    ) as graph:
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            await graph.heard()
            graph.happenings.happen("signed")
            assert of(await answer.payload())["title"] == "signed"
        async with streaming(graph.subgraphs["tickets"], asking(), [TOKEN]) as forged:
            assert forged.status == 403


async def test_a_stream_that_opens_while_the_graph_changes_ends_too() -> None:
    gate = asyncio.Event()
    async with following() as graph:
        endpoint = graph.subgraphs["tickets"].endpoint

        async def slow(*call: Any) -> None:
            await gate.wait()
            await endpoint(*call)

        graph.subgraphs["tickets"].endpoint = cast("GraphQLEndpoint", slow)
        old = graph.app.serving

        async def asked() -> bool:
            return bool(graph.subgraphs["tickets"].calls)

        async def reload() -> None:
            await until(asked)
            await graph.app.succession.change(read_settings(FORWARD, {}), SDL)
            gate.set()

        changing = asyncio.create_task(reload())
        async with streaming(graph.app, asking(), [TOKEN]) as answer:
            assert code(await answer.payload()) == "SUBSCRIPTION_CONFIG_RELOAD"
            assert await answer.payload() is None
        await changing
        assert (old.under_way, len(old.gateway.upstreams)) == (0, 0)


async def test_a_socket_that_opens_after_the_end_is_told_so() -> None:
    async with following() as graph:
        graph.app.serving.endpoint.streams.end(SCHEMA_RELOAD)
        async with connected(graph.app, [TOKEN]) as client:
            assert await client.hear() == 1012
