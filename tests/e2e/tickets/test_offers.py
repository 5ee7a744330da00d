"""What a ticket offers: children to take along, and nothing once it was merged."""

from typing import Any

import pytest

Desk = Any  # the fixture's class; test folders are not packages

LINK = """mutation Link($in: LinkTicketsInput!) { linkTickets(input: $in) {
  userErrors { code } } }"""
MERGE = """mutation Merge($in: MergeTicketsInput!) { mergeTickets(input: $in) {
  userErrors { code } } }"""
MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  userErrors { code path } } }"""
OFFERS = """query Offers($id: ID) { ticket(id: $id) {
  availableTransitions { toStatus { key category } openChildren blockedBy } } }"""
MAY = """query May($id: ID) { ticket(id: $id) {
  availableTransitions { toStatus { key } blockedBy }
  viewerPermissions { canComment canCommentInternally canEdit canAssign canMerge
    canResolve canReopen cannotReasons } } }"""
MERGED = "It was merged into another ticket: change that one."
RESOLVED = {"toStatusKey": "resolved", "resolutionCode": "fixed"}


async def done(desk: Desk, mutation: str, **given: Any) -> None:
    payload = await desk.mutate(mutation, given, by=desk.agent)
    assert payload["userErrors"] == []


async def offers(desk: Desk, key: str, who: Any = None) -> dict[str, int]:
    data = await desk.data(OFFERS, {"id": key}, **(who or desk.agent))
    return {
        each["toStatus"]["key"]: each["openChildren"]
        for each in data["ticket"]["availableTransitions"]
    }


@pytest.fixture
async def family(desk: Desk) -> list[str]:
    """A parent and three children, all of the agent's."""
    keys = [(await desk.open(title, by=desk.agent))["id"] for title in "PABC"]
    for child in keys[1:]:
        await done(desk, LINK, fromId=keys[0], toId=child, kind="PARENT_OF")
    return keys


async def test_a_step_to_an_end_offers_the_open_children(
    desk: Desk, family: list[str]
) -> None:
    parent, first, *_ = family
    await done(desk, LINK, fromId=parent, toId=first, kind="RELATES_TO")
    assert await offers(desk, parent) == {
        "in_progress": 0,
        "on_hold": 0,
        "resolved": 3,
        "closed": 3,
        "cancelled": 3,
    }
    await done(desk, MOVE, id=first, **RESOLVED)
    found = await offers(desk, parent)
    assert (found["resolved"], found["in_progress"]) == (2, 0)
    assert (await offers(desk, first))["closed"] == 0
    await done(desk, MOVE, id=parent, **RESOLVED, closeChildren=True)
    assert (await offers(desk, parent))["closed"] == 0


async def test_children_that_the_viewer_does_not_see_are_not_counted(
    desk: Desk, family: list[str]
) -> None:
    parent, *_ = family
    mine = (await desk.open("Mine"))["id"]
    await done(desk, LINK, fromId=mine, toId=parent, kind="PARENT_OF")
    assert await offers(desk, mine, desk.requester) == {"cancelled": 0}
    assert (await offers(desk, mine))["cancelled"] == 1


@pytest.mark.usefixtures("family")
async def test_offers_of_a_list_are_one_statement(desk: Desk) -> None:
    query = "{ tickets { nodes { availableTransitions { %s } } } }"
    asked = []
    for fields in ("blockedBy", "blockedBy openChildren"):
        with desk.counted() as statements:
            await desk.data(query % fields, **desk.agent)
        asked.append(len(statements))
    assert asked[1] == asked[0] + 1


async def test_a_merged_ticket_says_why_nothing_can_be_done(desk: Desk) -> None:
    into, gone = [(await desk.open(title))["id"] for title in "AB"]
    await done(desk, MERGE, intoId=into, fromIds=[gone])
    for who in (desk.agent, desk.requester):
        found = (await desk.data(MAY, {"id": gone}, **who))["ticket"]
        steps = found["availableTransitions"]
        assert all(step["blockedBy"] == [MERGED] for step in steps)
        permissions = found["viewerPermissions"]
        reasons = permissions.pop("cannotReasons")
        assert reasons == [MERGED, "The ticket is over: nobody replies on it."]
        notes = permissions.pop("canCommentInternally")
        assert notes is (who is desk.agent)  # what was noted is still read
        assert set(permissions.values()) == {False}
    assert {step["toStatus"]["key"] for step in steps} <= {"in_progress", "new"}
    step = {"id": gone, "toStatusKey": "in_progress"}
    payload = await desk.mutate(MOVE, step, by=desk.agent)
    error = {"code": "ALREADY_MERGED", "path": ["input", "id"]}
    assert payload["userErrors"] == [error]
    open_ = (await desk.data(MAY, {"id": into}, **desk.agent))["ticket"]
    assert open_["viewerPermissions"]["canMerge"] is True
