"""HTTP's own corners: kept connections, odd servers, headers that lie."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from kit.connection.heads import header_lines
from router.executor.transport import over_http
from router.executor.transport.interface import (
    BrokenAnswerError,
    TransportError,
    UnreachableError,
)
from router.executor.transport.over_http import HttpTransport

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve) -> AsyncGenerator[HttpTransport]:
    async def safely(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(safely, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = HttpTransport(f"http://127.0.0.1:{port}/x?y=1")
    yield transport
    await transport.close()
    server.close()
    await asyncio.sleep(0.01)


async def request(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n{}")


class Counting:
    """Answers with each of the given bytes in turn, and counts connections."""

    def __init__(self, *answers: bytes, closes: bool = False) -> None:
        self.answers = list(answers)
        self.closes = closes
        self.connections = 0
        self.heads: list[bytes] = []

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        while True:
            self.heads.append(await request(reader))
            writer.write(
                self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            )
            await writer.drain()
            if self.closes:
                return


async def test_a_connection_is_kept_and_used_again() -> None:
    server = Counting(OK)
    async with serving(server) as transport:
        for _ in range(3):
            assert (await transport.send(b"{}", ())).body == b"{}"
    assert server.connections == 1
    assert server.heads[0].startswith(b"POST /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:")


async def test_one_that_the_server_ends_is_not() -> None:
    server = Counting(OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
    async with serving(server) as transport:
        for _ in range(3):
            await transport.send(b"{}", ())
    assert server.connections == 3


async def test_one_that_was_idle_too_long_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Counting(OK)
    async with serving(server) as transport:
        await transport.send(b"{}", ())
        monkeypatch.setattr(over_http, "IDLE_SECONDS", 0.0)
        await transport.send(b"{}", ())
    assert server.connections == 2


async def test_an_answer_without_length_ends_with_the_connection() -> None:
    server = Counting(b"HTTP/1.0 200 OK\r\n\r\n{}", closes=True)
    async with serving(server) as transport:
        assert (await transport.send(b"{}", ())).body == b"{}"


async def test_an_interim_answer_is_passed_over() -> None:
    server = Counting(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK)
    async with serving(server) as transport:
        reply = await transport.send(b"{}", ())
    assert (reply.status, reply.header(b"link")) == (200, b"")


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH\r\n", b"\x00\x01\x02\x03 \r\n\r\n"]
)
async def test_what_speaks_no_http_is_a_broken_answer(answer: bytes) -> None:
    async with serving(Counting(answer)) as transport:
        with pytest.raises(BrokenAnswerError, match="not HTTP"):
            await transport.send(b"{}", ())


async def test_bytes_that_nobody_asked_for_end_the_connection() -> None:
    server = Counting(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison", OK)
    async with serving(server) as transport:
        assert (await transport.send(b"{}", ())).body == b"{}"
        await asyncio.sleep(0.02)
        assert (await transport.send(b"{}", ())).body == b"{}"


async def test_nobody_there_is_unreachable_with_the_systems_reason() -> None:
    server = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(UnreachableError, match=r"refused|Connect call failed"):
        await HttpTransport(f"http://127.0.0.1:{port}/").send(b"{}", ())


async def test_a_closed_transport_sends_nothing() -> None:
    async with serving(Counting(OK)) as transport:
        await transport.close()
        with pytest.raises(TransportError, match="stopping"):
            await transport.send(b"{}", ())


def test_a_header_never_becomes_two() -> None:
    forged = ((b"x-a", b"1\r\nauthorization: Bearer root"), (b"x\n-b", b"2"))
    assert header_lines(forged) == b"x-a: 1  authorization: Bearer root\r\nx -b: 2\r\n"


async def test_when_one_kept_connection_was_dead_the_others_are_not_tried() -> None:
    connections: list[int] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(len(connections))
        await request(reader)
        if len(connections) <= 3:  # answers once, and is dead when asked again
            await asyncio.sleep(0.02)
            writer.write(OK)
            await writer.drain()
            await request(reader)
            return
        writer.write(OK)
        await writer.drain()

    async with serving(once) as transport:
        await asyncio.gather(*(transport.send(b"{}", ()) for _ in range(3)))
        with pytest.raises(UnreachableError):
            await transport.send(b"{}", ())
        assert (await transport.send(b"{}", ())).body == b"{}"
    assert len(connections) == 4
