"""Events are written with their tickets, and undone with them."""

from typing import Any

import pytest

from subgraphs.tickets.models import EventKind
from subgraphs.tickets.repository.writes import lock_ticket
from subgraphs.tickets.service import history
from subgraphs.tickets.service.act import act_of_desk

Desk = Any  # the fixture's class; test folders are not packages

EVENTS = """query Events($id: ID) { ticket(id: $id) { history {
  nodes { seq kind via field before after actor { id } } } } }"""


async def events_of(desk: Desk, key: str) -> list[dict[str, Any]]:
    data = await desk.data(EVENTS, {"id": key}, **desk.agent)
    return data["ticket"]["history"]["nodes"]


async def test_an_event_is_written_though_nobody_settles_it(desk: Desk) -> None:
    key = (await desk.open())["id"]
    async with desk.service.database.unit_of_work() as session:
        ticket = await lock_ticket(session, key)
        assert ticket is not None
        said: dict[str, Any] = {
            "field": "title",
            "before": None,
            "after": {"é": 'a"\n'},
        }
        history.record(session, ticket, act_of_desk(), EventKind.FIELD_CHANGED, **said)
    assert (await events_of(desk, key))[1:] == [
        {"seq": 2, "kind": "FIELD_CHANGED", "via": "AUTOMATION", "actor": None, **said}
    ]


@pytest.mark.parametrize("written", [True, False])
async def test_what_is_undone_with_a_savepoint_never_was(
    desk: Desk, *, written: bool
) -> None:
    key, act = (await desk.open())["id"], act_of_desk()

    async def fail(session: Any, ticket: Any) -> None:
        async with session.begin_nested():
            history.record(session, ticket, act, EventKind.RESPONDED)
            if written:
                await session.flush()
            raise KeyError

    async with desk.service.database.unit_of_work() as session:
        ticket = await lock_ticket(session, key)
        assert ticket is not None
        with pytest.raises(KeyError):
            await fail(session, ticket)
        await session.refresh(ticket)
        event = history.record(session, ticket, act, EventKind.LINKED)
        assert [each.event for each in history.taken(session)] == [event]
    kinds = [(each["seq"], each["kind"]) for each in await events_of(desk, key)]
    assert kinds == [(1, "CREATED"), (2, "LINKED")]
