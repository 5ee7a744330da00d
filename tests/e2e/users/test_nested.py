from typing import Any

from tests.support.house import House
from tests.support.subgraph import Subgraph


async def test_the_whole_tree_costs_the_same_statements_for_all(
    users: Subgraph, house: House
) -> None:
    query = """
    {
      departments {
        totalCount
        nodes {
          code
          parent { code }
          children { code }
          head { name }
          members(first: 2) { totalCount nodes { name manager { name } } }
          all: members(includeDescendants: true) { totalCount }
        }
      }
    }
    """
    with users.counted() as statements:
        data = await users.data(query, **house.reader())
    nodes = {node["code"]: node for node in data["departments"]["nodes"]}
    assert nodes["IT"] == {
        "code": "IT",
        "parent": {"code": "COMPANY"},
        "children": [{"code": "OPERATIONS"}],
        "head": {"name": "Ben Example"},
        "members": {
            "totalCount": 3,
            "nodes": [
                {"name": "Ben Example", "manager": {"name": "Ada Example"}},
                {"name": "Cem Example", "manager": {"name": "Ben Example"}},
            ],
        },
        "all": {"totalCount": 4},
    }
    counts = {code: node["all"]["totalCount"] for code, node in nodes.items()}
    assert counts == {"COMPANY": 7, "IT": 4, "OPERATIONS": 1, "SALES": 2}
    assert [child["code"] for child in nodes["COMPANY"]["children"]] == ["IT", "SALES"]
    # departments, their count, parents, children, heads, two pages of members with
    # two counts, managers (those whom the heads' batch did not bring)
    assert len(statements) == 10


async def test_reports_and_roles_of_all_cost_one_statement_each(
    users: Subgraph, house: House
) -> None:
    query = """
    {
      users {
        nodes {
          name
          directReports(first: 1) { nodes { name } pageInfo { hasNextPage } totalCount }
          roles { role { key } scope department { code } }
        }
      }
    }
    """
    with users.counted() as statements:
        data = await users.data(query, **house.reader())
    people = {node["name"].split()[0]: node for node in data["users"]["nodes"]}
    assert people["Ben"] == {
        "name": "Ben Example",
        "directReports": {
            "nodes": [{"name": "Cem Example"}],
            "pageInfo": {"hasNextPage": True},
            "totalCount": 2,
        },
        "roles": [{"role": {"key": "agent"}, "scope": "GLOBAL", "department": None}],
    }
    assert people["Eve"]["roles"][0] == {
        "role": {"key": "admin"},
        "scope": "DEPARTMENT",
        "department": {"code": "OPERATIONS"},
    }
    # people, a page of reports, their counts, roles, the one department
    assert len(statements) == 5


async def test_a_page_of_reports_goes_on_after_its_cursor(
    users: Subgraph, house: House
) -> None:
    query = """
    query ($id: ID!, $after: String) {
      user(id: $id) {
        directReports(first: 1, after: $after) {
          edges { cursor node { name } }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    }
    """
    names: list[str] = []
    page: dict[str, Any] = {}
    after: str | None = None
    for _ in range(2):
        variables = {"id": house.people["ben"], "after": after}
        data = await users.data(query, variables, **house.reader())
        page = data["user"]["directReports"]
        (edge,) = page["edges"]
        names.append(edge["node"]["name"])
        after = edge["cursor"]
    assert names == ["Cem Example", "Dot Example"]
    assert page["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}
