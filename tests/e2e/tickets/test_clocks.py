"""The clocks of tickets through the graph: what is promised, passed, due and noted."""

from datetime import timedelta
from typing import Any

import pytest

from kit.ids import new_id
from kit.scalars import read_duration, read_instant, write_instant
from subgraphs.tickets.models import KnownGroupRow
from subgraphs.tickets.service.sla.rounds import COURTESY, fire, follow
from tests.support.promises import (
    ASSIGN,
    CHANGE,
    GOALS,
    HOUR,
    UPDATE,
    clocks,
    move,
    noted,
    promise,
    read,
    retold,
    told,
)

Desk = Any  # the fixture's class; test folders are not packages


async def test_a_ticket_has_no_clock_where_nothing_is_promised(desk: Desk) -> None:
    ticket = await read(desk, (await desk.open())["id"])
    assert (ticket["slaClocks"], ticket["slaState"], ticket["slaDueAt"]) == (
        [],
        None,
        None,
    )
    assert noted(ticket) == []


async def test_a_ticket_opens_with_a_clock_for_each_goal(desk: Desk) -> None:
    policy = await promise(desk)
    ticket = await read(desk, (await desk.open())["id"])
    opened = read_instant(ticket["openedAt"])
    response, resolution = ticket["slaClocks"]
    due = write_instant(opened + 8 * HOUR)
    live = {key: resolution.pop(key) for key in ("elapsedBusinessTime", "remaining")}
    assert resolution == {
        "target": "RESOLUTION",
        "state": "RUNNING",
        "goal": "PT8H",
        "dueAt": due,
        "warnedAt": None,
        "breachedAt": None,
        "stoppedAt": None,
        "escalatedAt": None,
        "escalatedTo": None,
        "escalatedToGroup": None,
        "policy": {"id": policy, "name": "Standard"},
    }
    passed = read_duration(live["elapsedBusinessTime"])
    assert timedelta(0) <= passed < timedelta(minutes=1)
    assert 8 * HOUR - passed - read_duration(live["remaining"]) < timedelta(seconds=2)
    assert (response["target"], response["goal"]) == ("FIRST_RESPONSE", "PT1H")
    assert ticket["slaState"] == "RUNNING"
    assert ticket["slaDueAt"] == response["dueAt"] == write_instant(opened + HOUR)
    events = ticket["history"]["nodes"]
    assert [event["kind"] for event in events] == ["CREATED", *["SLA_STARTED"] * 2]
    assert events[2]["after"] == {"policyId": policy, "goal": "PT8H", "dueAt": due}
    assert ticket["version"] == 1


async def test_work_begun_is_the_first_response_and_an_assignment_is_not(
    desk: Desk,
) -> None:
    await promise(desk)
    key = (await desk.open())["id"]
    await desk.mutate(ASSIGN, {"id": key, "assigneeId": desk.bob}, by=desk.agent)
    ticket = await read(desk, key)
    assert (ticket["firstRespondedAt"], ticket["slaClocks"][0]["state"]) == (
        None,
        "RUNNING",
    )
    await move(desk, key, "in_progress")
    ticket = await read(desk, key)
    response = ticket["slaClocks"][0]
    assert (response["state"], response["remaining"]) == ("MET", None)
    assert response["stoppedAt"] == ticket["firstRespondedAt"]
    assert ticket["firstRespondedAt"] is not None
    await move(desk, key, "resolved")
    await move(desk, key, "new")
    again = await read(desk, key)
    assert again["firstRespondedAt"] == ticket["firstRespondedAt"]
    assert again["slaClocks"][0] == response


async def test_to_give_a_ticket_up_is_no_response(desk: Desk) -> None:
    await promise(desk)
    key = (await desk.open())["id"]
    await move(desk, key, "cancelled")
    ticket = await read(desk, key)
    assert ticket["firstRespondedAt"] is None
    assert [each["state"] for each in ticket["slaClocks"]] == ["CANCELLED"] * 2
    assert (ticket["slaState"], ticket["slaDueAt"]) == ("CANCELLED", None)


async def test_a_life_that_is_retold_is_counted_by_its_own_instants(
    desk: Desk,
) -> None:
    policy = await promise(desk)
    key = await retold(desk)
    await move(desk, key, "on_hold", holdReason="REQUESTER", occurredAt=told(0.5))
    paused = await read(desk, key)
    resolution = paused["slaClocks"][1]
    assert (resolution["state"], resolution["dueAt"]) == ("PAUSED", None)
    assert (resolution["elapsedBusinessTime"], resolution["remaining"]) == (
        "PT30M",
        "PT7H30M",
    )
    assert (paused["slaState"], paused["slaDueAt"]) == ("PAUSED", None)
    await move(desk, key, "in_progress", occurredAt=told(100))
    resolution = (await clocks(desk, key))["RESOLUTION"]
    assert (resolution["state"], resolution["dueAt"]) == ("RUNNING", told(107.5))
    await move(desk, key, "resolved", occurredAt=told(104))
    ticket = await read(desk, key)
    assert [each["state"] for each in ticket["slaClocks"]] == ["MET", "MET"]
    assert ticket["slaClocks"][1]["elapsedBusinessTime"] == "PT4H30M"
    assert noted(ticket) == [
        ("SLA_STARTED", "FIRST_RESPONSE", told(0)),
        ("SLA_STARTED", "RESOLUTION", told(0)),
        ("SLA_PAUSED", "RESOLUTION", told(0.5)),
        ("SLA_RESUMED", "RESOLUTION", told(100)),
    ]
    assert ticket["slaClocks"][1]["policy"]["id"] == policy


async def test_a_breach_is_noted_with_the_instant_at_which_time_was_up(
    desk: Desk,
) -> None:
    await promise(desk)
    group = new_id("grp")
    key = await retold(desk, groupId=group)
    await move(desk, key, "in_progress", occurredAt=told(0.5))
    await move(desk, key, "resolved", occurredAt=told(20))
    ticket = await read(desk, key)
    resolution = ticket["slaClocks"][1]
    assert (resolution["state"], resolution["remaining"]) == ("BREACHED", None)
    assert resolution["breachedAt"] == resolution["dueAt"] == told(8)
    assert (resolution["warnedAt"], resolution["stoppedAt"]) == (told(6), told(20))
    assert resolution["escalatedToGroup"] == {"id": group}
    assert resolution["escalatedAt"] == told(8)
    assert noted(ticket)[2:] == [
        ("SLA_WARNED", "RESOLUTION", told(6)),
        ("SLA_BREACHED", "RESOLUTION", told(8)),
        ("SLA_ESCALATED", "RESOLUTION", told(8)),
    ]
    event = ticket["history"]["nodes"][-1]
    assert (event["via"], event["actor"]) == ("AUTOMATION", None)
    assert event["after"] == {"groupId": group, "leadId": None}  # nobody told of it
    assert ticket["slaState"] == "BREACHED"
    # Reopened and solved at once, it is breached still, and noted once.
    await move(desk, key, "in_progress", occurredAt=told(30))
    await move(desk, key, "resolved", occurredAt=told(31))
    again = await read(desk, key)
    assert again["slaClocks"][1]["breachedAt"] == told(8)
    assert again["slaClocks"][1]["elapsedBusinessTime"] == "PT21H"
    kinds = [kind for kind, *_ in noted(again)]
    assert (kinds.count("SLA_BREACHED"), kinds.count("SLA_RESUMED")) == (1, 1)


async def test_a_breach_without_a_group_is_escalated_when_a_group_gets_it(
    desk: Desk,
) -> None:
    await promise(desk)
    key = await retold(desk)
    await move(desk, key, "in_progress", occurredAt=told(20))
    assert (await clocks(desk, key))["RESOLUTION"]["escalatedAt"] is None
    group = new_id("grp")
    given = {"id": key, "groupId": group, "occurredAt": told(21)}
    await desk.mutate(ASSIGN, given, by=desk.importer)
    for clock in (await clocks(desk, key)).values():
        assert clock["escalatedToGroup"] == {"id": group}
        assert clock["escalatedAt"] == told(21)


async def test_a_breach_is_made_known_to_the_lead_of_the_group(desk: Desk) -> None:
    await promise(desk)
    group, lead = new_id("grp"), new_id("usr")
    async with desk.service.database.unit_of_work() as session:
        session.add(
            KnownGroupRow(
                id=group,
                name="Network",
                kind="ASSIGNMENT",
                lead_id=lead,
                assignment_policy="MANUAL",
            )
        )
    key = await retold(desk, groupId=group)
    await move(desk, key, "resolved", occurredAt=told(20))
    ticket = await read(desk, key)
    for clock in ticket["slaClocks"]:
        assert (clock["escalatedTo"], clock["escalatedAt"]) == (
            {"id": lead},
            clock["breachedAt"],
        )
    event = ticket["history"]["nodes"][-1]
    assert event["kind"] == "SLA_ESCALATED"
    assert event["after"] == {"groupId": group, "leadId": lead}


async def test_another_priority_changes_the_goal_and_keeps_the_time(desk: Desk) -> None:
    await promise(desk)
    key = await retold(desk)
    higher = {"id": key, "impact": "HIGH", "urgency": "HIGH", "occurredAt": told(1)}
    assert (await desk.mutate(UPDATE, higher, by=desk.importer))["userErrors"] == []
    clock = (await clocks(desk, key))["RESOLUTION"]
    assert (clock["goal"], clock["dueAt"]) == ("PT2H", told(2))


@pytest.mark.parametrize("goal", ["PT30M", "PT20H"])
async def test_another_policy_reads_open_clocks_anew_and_undoes_no_breach(
    desk: Desk, goal: str
) -> None:
    policy = await promise(desk, escalates=False)
    breached, running = await retold(desk), (await desk.open())["id"]
    closed = await retold(desk)
    await move(desk, closed, "resolved", occurredAt=told(2))
    await move(desk, breached, "in_progress", occurredAt=told(9))
    before = {key: await read(desk, key) for key in (breached, closed)}
    goals = [{**GOALS[1], "within": goal}]
    payload = await desk.mutate(CHANGE, {"id": policy, "goals": goals}, by=desk.admin)
    assert payload["userErrors"] == []
    assert await follow(desk.service.database) == 2
    assert await follow(desk.service.database) == 0
    assert await read(desk, closed) == before[closed]
    now = await read(desk, breached)
    response, resolution = now["slaClocks"]
    assert response == before[breached]["slaClocks"][0]
    assert (resolution["state"], resolution["breachedAt"]) == ("BREACHED", told(8))
    assert resolution["goal"] == goal
    fresh = await read(desk, running)
    response, resolution = fresh["slaClocks"]
    assert response["state"] == "CANCELLED"  # nothing is promised any more
    due = read_instant(fresh["openedAt"]) + read_duration(goal)
    assert (resolution["state"], resolution["dueAt"]) == ("RUNNING", write_instant(due))
    assert fresh["slaDueAt"] == write_instant(due)


async def test_a_new_policy_gives_clocks_to_tickets_that_are_open_already(
    desk: Desk,
) -> None:
    key = (await desk.open())["id"]
    await promise(desk)
    assert (await read(desk, key))["slaClocks"] == []
    assert await follow(desk.service.database) == 1
    ticket = await read(desk, key)
    due = read_instant(ticket["openedAt"]) + HOUR
    assert ticket["slaDueAt"] == write_instant(due)
    late = due + COURTESY
    assert await fire(desk.service.database, late) == 1
    assert (await read(desk, key))["slaState"] == "BREACHED"
