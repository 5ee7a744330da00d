"""Whose tickets somebody sees: by group, by department, by a role held in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from kit.identity import ANONYMOUS, SCOPED
from kit.ids import new_id
from subgraphs.tickets.service.standings import Standings
from tests.support.stack import Graph

REQUESTER = ["users:read", "tickets:read", "tickets:write"]
AGENT = [*REQUESTER, "tickets:work", "tickets:read_group"]
MANAGER = [*REQUESTER, "tickets:read_department"]
IMPORTER = [*REQUESTER, "tickets:work", "tickets:read_all", "tickets:import"]
ADMIN = [
    *AGENT,
    *MANAGER,
    "tickets:triage",
    "tickets:read_all",
    "users:manage",
    "departments:manage",
    "groups:manage",
    "roles:assign",
]
EVERYWHERE = """
query ($id: ID!, $group: ID!, $department: ID!) {
  ticket(id: $id) { id history { totalCount } viewerPermissions { canAssign } }
  tickets { totalCount nodes { id } }
  group(id: $group) { tickets { totalCount nodes { id } } }
  department(id: $department) { tickets { totalCount nodes { id } } }
}
"""
TRY = """
mutation ($in: TransitionTicketInput!) {
  transitionTicket(input: $in) { ticket { id } userErrors { code } }
}
"""


@dataclass
class Office:
    """Two groups, a department with another inside, and a ticket that is there."""

    graph: Graph
    admin: dict[str, Any] = field(
        default_factory=lambda: {"subject": new_id("usr"), "scopes": ADMIN}
    )
    group: str = ""
    outer: str = ""
    inner: str = ""
    ticket: str = ""

    async def write(self, verb: str, kind: str, given: Any, select: str) -> Any:
        mutation = (
            f"mutation ($in: {kind}!) "
            f"{{ {verb}(input: $in) {{ {select} userErrors {{ code }} }} }}"
        )
        data = await self.graph.data(mutation, {"in": given}, **self.admin)
        assert data[verb]["userErrors"] == []
        return data[verb]

    async def person(self, name: str, department: str | None = None) -> str:
        given = {"email": f"{name}@example.com", "name": name}
        given |= {"departmentId": department} if department else {}
        made = await self.write("createUser", "CreateUserInput", given, "user { id }")
        return made["user"]["id"]

    async def department(self, code: str, **given: Any) -> str:
        given = {"code": code, "name": code, **given}
        made = await self.write(
            "createDepartment", "CreateDepartmentInput", given, "department { id }"
        )
        return made["department"]["id"]

    async def another_group(self) -> str:
        given = {"name": "Elsewhere", "kind": "ASSIGNMENT"}
        made = await self.write(
            "createGroup", "CreateGroupInput", given, "group { id }"
        )
        return made["group"]["id"]

    async def change(self, verb: str, **given: Any) -> None:
        """Send a mutation that changes who stands where."""
        kind = f"{verb[0].upper()}{verb[1:]}Input"
        await self.write(verb, kind, given, "__typename")
        self.standings.forget()  # what four seconds do

    @property
    def standings(self) -> Standings:
        service = self.graph.stack.services["tickets"]
        make: Any = service.graphql.make_context
        return make(ANONYMOUS, service.database, None).standings

    async def look(self, who: Mapping[str, Any]) -> dict[str, Any]:
        variables = {"id": self.ticket, "group": self.group, "department": self.outer}
        variables["department"] = self.inner
        return await self.graph.data(EVERYWHERE, variables, **who)

    async def resolve(self, who: Mapping[str, Any]) -> list[str]:
        given = {"id": self.ticket, "toStatusKey": "in_progress"}
        data = await self.graph.data(TRY, {"in": given}, **who)
        return [error["code"] for error in data["transitionTicket"]["userErrors"]]

    async def version(self) -> int:
        query = "query ($id: ID!) { ticket(id: $id) { version } }"
        data = await self.graph.data(query, {"id": self.ticket}, **self.admin)
        return data["ticket"]["version"]


@pytest.fixture
async def office(graph: Graph) -> Office:
    office = Office(graph)
    office.outer = await office.department("OUTER")
    office.inner = await office.department("INNER", parentId=office.outer)
    requester = await office.person("rita", office.inner)
    made = await office.write(
        "createGroup",
        "CreateGroupInput",
        {"name": "Desk", "kind": "ASSIGNMENT"},
        "group { id }",
    )
    office.group = made["group"]["id"]
    given = {
        "type": "INCIDENT",
        "title": "Printer on fire",
        "requesterId": requester,
        "groupId": office.group,
    }
    made = await office.write(
        "createTicket", "CreateTicketInput", given, "ticket { id }"
    )
    office.ticket = made["ticket"]["id"]
    return office


def shown(office: Office, *, works: bool) -> dict[str, Any]:
    """Say what every path answers to who sees the ticket."""
    one = {"totalCount": 1, "nodes": [{"id": office.ticket}]}
    return {
        "ticket": {
            "id": office.ticket,
            "history": {"totalCount": 1},
            "viewerPermissions": {"canAssign": works},
        },
        "tickets": one,
        "group": {"tickets": one},
        "department": {"tickets": one},
    }


NOTHING = {"totalCount": 0, "nodes": []}
HIDDEN: dict[str, Any] = {
    "ticket": None,
    "tickets": NOTHING,
    "group": {"tickets": NOTHING},
    "department": {"tickets": NOTHING},
}


async def test_a_member_who_is_moved_is_out_of_the_groups_tickets(
    office: Office,
) -> None:
    abe = await office.person("abe")
    who: dict[str, Any] = {"subject": abe, "scopes": AGENT}
    assert await office.look(who) == HIDDEN
    assert await office.resolve(who) == ["NOT_FOUND"]
    them = {"groupId": office.group, "userIds": [abe]}
    await office.change("addGroupMembers", **them)
    assert await office.look(who) == shown(office, works=True)
    await office.change("removeGroupMembers", **them)
    assert await office.look(who) == HIDDEN
    assert await office.resolve(who) == ["NOT_FOUND"]
    assert await office.version() == 1


async def test_a_head_reads_the_subtree_until_somebody_else_leads_it(
    office: Office,
) -> None:
    mia, tom = await office.person("mia"), await office.person("tom")
    who: dict[str, Any] = {"subject": mia, "scopes": MANAGER}
    assert await office.look(who) == HIDDEN
    await office.change("updateDepartment", id=office.outer, headId=mia)
    assert await office.look(who) == shown(office, works=False)
    assert await office.resolve(who) == ["FORBIDDEN"]
    assert await office.look({**who, "scopes": REQUESTER}) == HIDDEN
    await office.change("updateDepartment", id=office.outer, headId=tom)
    assert await office.look(who) == HIDDEN
    assert await office.version() == 1


async def test_a_department_that_is_moved_away_takes_its_tickets_along(
    office: Office,
) -> None:
    mia = await office.person("mia")
    who: dict[str, Any] = {"subject": mia, "scopes": MANAGER}
    await office.change("updateDepartment", id=office.outer, headId=mia)
    assert (await office.look(who))["tickets"]["totalCount"] == 1
    await office.change("updateDepartment", id=office.inner, parentId=None)
    assert await office.look(who) == HIDDEN


@pytest.mark.parametrize("scope", ["GROUP", "DEPARTMENT"])
async def test_a_role_held_in_one_place_is_good_there_until_it_is_taken(
    office: Office, scope: str
) -> None:
    abe = await office.person("abe")
    who: dict[str, Any] = {"subject": abe, "scopes": REQUESTER, "roles": [SCOPED]}
    elsewhere = await office.department("ELSEWHERE")
    place = {
        "GROUP": {"groupId": office.group},
        "DEPARTMENT": {"departmentId": office.outer},
    }[scope]
    wrong = {
        "GROUP": {"groupId": await office.another_group()},
        "DEPARTMENT": {"departmentId": elsewhere},
    }[scope]
    held: dict[str, Any] = {"userId": abe, "roleKey": "agent", "scope": scope}
    await office.change("assignRole", **held, **wrong)
    assert await office.look(who) == HIDDEN
    await office.change("assignRole", **held, **place)
    assert await office.look(who) == shown(office, works=True)
    await office.change("revokeRole", **held, **place)
    assert await office.look(who) == HIDDEN
    assert await office.resolve(who) == ["NOT_FOUND"]
    await office.change("assignRole", **held, **place)
    assert await office.resolve(who) == []


async def test_a_list_that_cannot_be_whole_is_refused_and_own_tickets_stay(
    office: Office,
) -> None:
    abe = await office.person("abe")
    who: dict[str, Any] = {"subject": abe, "scopes": AGENT}
    query = "{ tickets { nodes { id } } ticketStatuses { key } }"
    with office.graph.without("groups"):
        answer = await office.graph.ask(query, **who)
        assert [e["extensions"]["code"] for e in answer["errors"]] == [
            "SUBGRAPH_UNAVAILABLE"
        ]
        assert await office.resolve(who) == ["UNAVAILABLE"]
        plain = await office.graph.data(query, subject=abe, scopes=REQUESTER)
        assert plain["tickets"] == {"nodes": []}
    assert (await office.graph.data(query, **who))["tickets"] == {"nodes": []}
    with office.graph.without("groups"):  # what was known a moment ago still counts
        assert (await office.graph.data(query, **who))["tickets"] == {"nodes": []}


async def test_who_sees_everything_is_not_asked_about(office: Office) -> None:
    with office.graph.counted():
        await office.look(office.admin)
    assert office.graph.requests["users"] == 1  # the department alone
    abe: dict[str, Any] = {"subject": await office.person("abe"), "scopes": AGENT}
    with office.graph.counted():
        for _ in range(3):
            await office.graph.data("{ tickets { nodes { id } } }", **abe)
    assert office.graph.requests["tickets"] == 3
    assert office.graph.requests["users"] == office.graph.requests["groups"] == 1
