"""The metrics' own listener answers one path, and whatever else it is sent."""

import asyncio

import httpx

from router.telemetry.listener import metrics_served


async def test_it_serves_one_path_and_nothing_else() -> None:
    served = metrics_served("127.0.0.1", 0, "/metrics", lambda: (b"text/x", b"a 1\n"))
    async with (
        served as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        answer = await http.get("/metrics?x")
        assert (answer.status_code, answer.text) == (200, "a 1\n")
        assert answer.headers["content-type"] == "text/x"
        assert (await http.get("/graphql")).status_code == 404
        assert (await http.post("/metrics")).status_code == 404


async def test_nonsense_ends_the_connection_and_not_the_listener() -> None:
    served = metrics_served("127.0.0.1", 0, "/metrics", lambda: (b"t", b"b"))
    async with served as port:
        for sent in (b"\r\n\r\n", b"x" * 20_000, b"\xff\xfe \xff\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            answer = await reader.read()
            assert answer == b"" or b"404" in answer
            writer.close()
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"http://127.0.0.1:{port}/metrics")
            assert answer.text == "b"
