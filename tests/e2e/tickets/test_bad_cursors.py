"""Lists of tickets, and of what belongs to them, go on from their own places alone."""

from typing import Any

from tests.support.bad_cursors import try_cursors

Desk = Any  # the fixture's class; test folders are not packages

ROOTS = {
    "the newest": "tickets(first: 1, after: $after)",
    "by number": "tickets(orderBy: [{field: NUMBER}], first: 1, after: $after)",
    "by priority": "tickets(orderBy: [{field: PRIORITY}], first: 1, after: $after)",
    "by change": "tickets(orderBy: [{field: UPDATED_AT}], first: 1, after: $after)",
    "from the end": "tickets(orderBy: [{field: NUMBER, direction: DESC}], "
    "first: 1, after: $after)",
    "found": 'tickets(search: "printer", first: 1, after: $after)',
    "settings": "ticketSettingChanges(first: 1, after: $after)",
}
OF_A_TICKET = ("history", "watchers", "links")
WATCH = """mutation Watch($in: WatchTicketInput!) { watchTicket(input: $in) {
  userErrors { code } } }"""
LINK = """mutation Link($in: LinkTicketsInput!) { linkTickets(input: $in) {
  userErrors { code } } }"""
LIFECYCLE = """mutation Set($in: ConfigureTicketLifecycleInput!) {
  configureTicketLifecycle(input: $in) { userErrors { code } } }"""
QUEUE = """mutation Make($in: CreateQueueInput!) { createQueue(input: $in) {
  queue { id } userErrors { code } } }"""


async def test_a_list_goes_on_from_its_own_places_alone(desk: Desk) -> None:
    one, two = [(await desk.open(f"Printer {n}"))["id"] for n in "AB"]
    for mutation, given in (
        (WATCH, {"id": one, "watch": True}),
        (LINK, {"fromId": one, "toId": two, "kind": "BLOCKS"}),
        (LIFECYCLE, {"closeAfter": "P9D", "reopenWithin": "P9D"}),
    ):
        payload = await desk.mutate(mutation, given, by=desk.manager)
        assert payload["userErrors"] == []
    given = {"name": "Q", "filter": {"statusCategory": ["NEW"]}}
    queue = (await desk.mutate(QUEUE, given, by=desk.manager))["queue"]["id"]
    inside = "{ edges { cursor } }"
    lists = {
        name: f"query ($after: String) {{ {field} {inside} }}"
        for name, field in ROOTS.items()
    }
    for name in OF_A_TICKET:
        field = f"ticket(id: $id) {{ {name}(first: 1, after: $after) {inside} }}"
        lists[name] = f"query ($after: String, $id: ID) {{ {field} }}"
    ordered = "orderBy: [{field: OPENED_AT}], first: 1, after: $after"
    lists["queue"] = f"""query ($after: String, $queue: ID!) {{
      queue(id: $queue) {{ tickets({ordered}) {inside} }} }}"""
    variables = {"id": one, "queue": queue}
    both_ways = {"history", *ROOTS} - {"settings"}
    await try_cursors(desk, lists, variables, desk.manager, both_ways=both_ways)
