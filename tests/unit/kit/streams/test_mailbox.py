import asyncio

from kit.streams.mailbox import COMPLETE, GONE, Ending, Mailbox


async def test_events_are_read_in_order_and_then_the_ending_for_ever() -> None:
    mailbox = Mailbox(3)
    for event in (b"1", b"2", b"3"):
        assert mailbox.offer(event)
    mailbox.end()

    found = [await mailbox.take(1) for _ in range(5)]
    assert found == [b"1", b"2", b"3", COMPLETE, COMPLETE]


async def test_a_full_mailbox_takes_nothing_more_from_who_does_not_wait() -> None:
    mailbox = Mailbox(2)
    assert [mailbox.offer(b"x") for _ in range(3)] == [True, True, False]
    assert len(mailbox) == 2


async def test_who_waits_for_room_gets_it_when_something_is_read() -> None:
    mailbox = Mailbox(1)
    await mailbox.put(b"1")
    waiting = asyncio.create_task(mailbox.put(b"2"))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await mailbox.take(1) == b"1"
    await waiting
    assert await mailbox.take(1) == b"2"


async def test_who_waits_for_room_is_let_go_when_the_reader_leaves() -> None:
    mailbox = Mailbox(1)
    await mailbox.put(b"1")
    waiting = asyncio.create_task(mailbox.put(b"2"))
    await asyncio.sleep(0)
    mailbox.drop(GONE)
    await waiting
    assert (len(mailbox), await mailbox.take(1)) == (0, GONE)


async def test_a_reader_waits_no_longer_than_it_said() -> None:
    assert await Mailbox(1).take(0.001) is None


async def test_a_reader_that_waits_is_woken() -> None:
    mailbox = Mailbox(1)
    waiting = asyncio.create_task(mailbox.take(10))
    await asyncio.sleep(0)
    mailbox.offer(b"1")
    assert await waiting == b"1"
    waiting = asyncio.create_task(mailbox.take(10))
    await asyncio.sleep(0)
    mailbox.end(Ending("CODE"))
    assert await waiting == Ending("CODE")


async def test_the_first_ending_counts_but_a_reader_that_leaves_has_left() -> None:
    mailbox = Mailbox(1)
    mailbox.offer(b"1")
    mailbox.end(Ending("FIRST"))
    mailbox.end(Ending("SECOND"))
    assert [await mailbox.take(1) for _ in range(2)] == [b"1", Ending("FIRST")]
    mailbox.drop(GONE)
    assert await mailbox.take(1) == GONE
