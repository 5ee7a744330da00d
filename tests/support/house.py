"""A company of seven people in four departments, for the tests of users.

```
Company (head: Ada)            Ada, admin
├── IT (head: Ben)             Ben → Ada, agent · Cem → Ben, agent · Dot → Ben
│   └── Operations (no head)   Eve → Cem, admin in Operations only
└── Sales (head: Fay)          Fay → Ada, manager · Gus → Fay, has left
```
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kit.database import Database
from kit.ids import new_id
from subgraphs.users.models import (
    DepartmentRow,
    RoleAssignmentRow,
    RoleRow,
    RoleScope,
    UserRow,
)

GROUP = "grp_01m81agjpgfhdbdabapyn60w5g"
"""A group there is, where users is tried alone."""

SILENT = "grp_01m81agjpgfhdbdabapyn60w5h"
"""A group of which nobody says whether there is one."""

ADMIN_SCOPES = [
    "users:read",
    "users:manage",
    "departments:manage",
    "groups:manage",
    "roles:assign",
    "roles:manage",
    "permissions:read",
    "sessions:manage",
    "service_accounts:manage",
    "tickets:read",
    "tickets:write",
    "tickets:work",
    "tickets:read_all",
    "tickets:read_group",
    "tickets:read_department",
    "tickets:triage",
    "tickets:import",
    "tickets:manage",
    "users:erase",
    "events:read",
]


@dataclass(frozen=True, slots=True)
class House:
    """Ids by the short names above: ``house.people["ada"]``."""

    people: dict[str, str]
    departments: dict[str, str]

    def admin(self) -> dict[str, Any]:
        """Be Ada, who may do everything."""
        return {"subject": self.people["ada"], "scopes": ADMIN_SCOPES}

    def reader(self) -> dict[str, Any]:
        """Be Dot, who may read the directory."""
        return {"subject": self.people["dot"], "scopes": ["users:read"]}

    def nobody(self) -> dict[str, Any]:
        """Be Dot with a token that allows nothing."""
        return {"subject": self.people["dot"], "scopes": []}


TREE = (
    ("company", None),
    ("it", "company"),
    ("operations", "it"),
    ("sales", "company"),
)
STAFF = (
    ("ada", "company", None, True),
    ("ben", "it", "ada", True),
    ("cem", "it", "ben", True),
    ("dot", "it", "ben", True),
    ("eve", "operations", "cem", True),
    ("fay", "sales", "ada", True),
    ("gus", "sales", "fay", False),
)
HEADS = (("company", "ada"), ("it", "ben"), ("sales", "fay"))
HELD = (
    ("ada", "admin", None),
    ("ben", "agent", None),
    ("cem", "agent", None),
    ("dot", "requester", None),
    ("eve", "admin", "operations"),
    ("eve", "requester", None),
    ("fay", "manager", None),
    ("gus", "requester", None),
)


async def settled(database: Database) -> House:
    """Move the company in."""
    departments = {name: new_id("dep") for name, _ in TREE}
    people = {name: new_id("usr") for name, *_ in STAFF}
    async with database.unit_of_work() as session:
        rows = {
            name: DepartmentRow(
                id=departments[name],
                code=name.upper(),
                name=name.title(),
                parent_id=departments.get(parent or ""),
            )
            for name, parent in TREE
        }
        session.add_all(rows.values())
        await session.flush()
        for name, department, manager, active in STAFF:
            session.add(
                UserRow(
                    id=people[name],
                    email=f"{name}@example.com",
                    name=f"{name.title()} Example",
                    active=active,
                    department_id=departments[department],
                    manager_id=people.get(manager or ""),
                )
            )
            await session.flush()
        for department, head in HEADS:
            rows[department].head_id = people[head]
        roles = {role.key: role.id for role in await session.scalars(select(RoleRow))}
        for person, role, department in HELD:
            session.add(
                RoleAssignmentRow(
                    id=new_id("ras"),
                    user_id=people[person],
                    role_id=roles[role],
                    scope=RoleScope.DEPARTMENT if department else RoleScope.GLOBAL,
                    department_id=departments.get(department or ""),
                )
            )
    return House(people, departments)
