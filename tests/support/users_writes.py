"""Mutations of the users subgraph as tests send them."""

from typing import Any

from tests.support.subgraph import Subgraph

CREATE = """
mutation ($input: CreateUserInput!) {
  createUser(input: $input) {
    user { id email name active locale timeZone version permissions
           department { code } manager { name } roles { role { key } scope } }
    userErrors { code path }
  }
}
"""
UPDATE = """
mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user { name version active locale department { code } manager { name } }
    userErrors { code path }
  }
}
"""
ASSIGN = """
mutation ($input: AssignRoleInput!) {
  assignRole(input: $input) {
    user { version roles { role { key } scope department { code } group { id }
                           grantedBy { name } } }
    userErrors { code path }
  }
}
"""
REVOKE = """
mutation ($input: RevokeRoleInput!) {
  revokeRole(input: $input) {
    user { roles { role { key } scope } } userErrors { code path }
  }
}
"""
CREATE_DEPARTMENT = """
mutation ($input: CreateDepartmentInput!) {
  createDepartment(input: $input) {
    department { code name parent { code } head { name } version }
    userErrors { code path }
  }
}
"""
UPDATE_DEPARTMENT = """
mutation ($input: UpdateDepartmentInput!) {
  updateDepartment(input: $input) {
    department { code name parent { code } head { name } version }
    userErrors { code path }
  }
}
"""
CREATE_ROLE = """
mutation ($input: CreateRoleInput!) {
  createRole(input: $input) {
    role { id key name permissions builtIn retired version } userErrors { code path }
  }
}
"""
UPDATE_ROLE = """
mutation ($input: UpdateRoleInput!) {
  updateRole(input: $input) {
    role { name permissions retired version } userErrors { code path }
  }
}
"""


async def change(
    users: Subgraph, mutation: str, given: dict[str, Any], **who: Any
) -> dict[str, Any]:
    data = await users.data(mutation, {"input": given}, **who)
    (payload,) = data.values()
    found: dict[str, Any] = payload
    return found


def refused(*errors: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"code": code, "path": ["input", field] if field else None}
        for code, field in errors
    ]
