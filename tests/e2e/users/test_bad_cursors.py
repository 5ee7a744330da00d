"""Lists of people and departments go on from their own places alone."""

from tests.support.bad_cursors import try_cursors
from tests.support.house import House
from tests.support.subgraph import Subgraph

EDGES = "{ edges { cursor } }"
LISTS = {
    "people": f"query ($after: String) {{ users(first: 1, after: $after) {EDGES} }}",
    "by address": f"""query ($after: String) {{
      users(orderBy: [{{field: EMAIL}}], first: 1, after: $after) {EDGES} }}""",
    "units": f"""query ($after: String) {{
      departments(first: 1, after: $after) {EDGES} }}""",
    "reports": f"""query ($after: String, $ada: ID!) {{
      user(id: $ada) {{ directReports(first: 1, after: $after) {EDGES} }} }}""",
    "members": f"""query ($after: String, $it: ID!) {{
      department(id: $it) {{ members(first: 1, after: $after) {EDGES} }} }}""",
}


async def test_a_list_goes_on_from_its_own_places_alone(
    users: Subgraph, house: House
) -> None:
    variables = {"ada": house.people["ada"], "it": house.departments["it"]}
    both_ways = {"people", "by address"}
    await try_cursors(users, LISTS, variables, house.reader(), both_ways=both_ways)
