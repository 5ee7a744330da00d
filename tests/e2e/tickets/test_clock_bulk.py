"""Many tickets changed at once: each one's clocks follow, but for those refused."""

from typing import Any

from tests.support.promises import promise, read

Desk = Any  # the fixture's class; test folders are not packages

BULK = """mutation Bulk($in: BulkUpdateTicketsInput!) { bulkUpdateTickets(input: $in) {
  updated { id } failures { ticket { id } } userErrors { code } } }"""


async def test_clocks_follow_a_change_of_many_and_not_the_refused_ones(
    desk: Desk,
) -> None:
    await promise(desk)
    keys = [(await desk.open())["id"] for _ in range(4)]
    first = {"ids": keys[:1], "set": {"toStatusKey": "in_progress"}}
    assert (await desk.mutate(BULK, first, by=desk.agent))["userErrors"] == []
    held = {"ids": keys, "set": {"toStatusKey": "in_progress"}}
    with desk.counted() as statements:
        payload = await desk.mutate(BULK, held, by=desk.agent)
    assert payload["userErrors"] == []
    assert [each["ticket"]["id"] for each in payload["failures"]] == keys[:1]
    assert len([each for each in statements if "INSERT INTO sla_clocks" in each]) == 1
    for key in keys:
        ticket = await read(desk, key)
        states = [clock["state"] for clock in ticket["slaClocks"]]
        assert states == ["MET", "RUNNING"]
        moves = [e for e in ticket["history"]["nodes"] if e["field"] == "status"]
        assert len(moves) == 1
