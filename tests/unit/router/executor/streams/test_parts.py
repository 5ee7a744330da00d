from collections.abc import AsyncGenerator

import pytest

from kit.streams.framing import MultipartEvents
from kit.streams.mailbox import Ending
from router.executor.streams.interface import StreamEndedError
from router.executor.streams.parts import Parts, boundary_of, event_in, events_in
from router.executor.transport.interface import BrokenAnswerError, TooLargeError

FRAMING = MultipartEvents()


def written(ending: Ending) -> bytes:
    return b"".join(
        [
            FRAMING.start(),
            FRAMING.event(b'{"data":{"a":1}}'),
            FRAMING.heartbeat(),
            FRAMING.event(b'{"data":{"a":2}}'),
            FRAMING.end(ending),
        ]
    )


async def read(whole: bytes, size: int) -> list[bytes]:
    async def chunks() -> AsyncGenerator[bytes]:
        for start in range(0, len(whole), size):
            yield whole[start : start + size]

    return [each async for each in events_in(chunks(), b"graphql", 1000)]


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
async def test_what_the_kit_writes_is_read_however_it_is_cut(size: int) -> None:
    assert await read(written(Ending()), size) == [
        b'{"data":{"a":1}}',
        b'{"data":{"a":2}}',
    ]


async def test_a_reason_at_the_end_is_raised() -> None:
    with pytest.raises(StreamEndedError) as raised:
        await read(written(Ending("FORBIDDEN", "No.")), 5)
    assert raised.value.ending == Ending("FORBIDDEN", "No.")


async def test_a_stream_without_its_end_is_broken() -> None:
    with pytest.raises(BrokenAnswerError, match="broke off"):
        await read(written(Ending())[:-6], 5)


def test_an_endless_part_is_too_large() -> None:
    parts = Parts(b"a", 10)
    with pytest.raises(TooLargeError):
        list(parts.feed(b"--a\r\n\r\n" + b"x" * 20))


@pytest.mark.parametrize("body", [b"no json", b"[]"])
def test_what_is_no_part_is_broken(body: bytes) -> None:
    with pytest.raises(BrokenAnswerError):
        event_in(body)


@pytest.mark.parametrize(
    "errors", [b'{"errors":1}', b'{"errors":[1]}', b'{"errors":[{"extensions":1}]}']
)
def test_reasons_that_say_nothing_have_a_code_all_the_same(errors: bytes) -> None:
    with pytest.raises(StreamEndedError) as raised:
        event_in(errors)
    assert raised.value.ending.code == "DOWNSTREAM_SERVICE_ERROR"


def test_a_boundary_is_found_or_is_apollos_own() -> None:
    assert boundary_of("multipart/mixed;boundary=x;a=b") == b"x"
    assert boundary_of("multipart/mixed") == b"-"
    assert boundary_of("application/json") is None
