"""Custom fields that tests make and fill, and what they send to see them."""

from typing import Any

Desk = Any  # of tests/e2e/tickets/conftest.py

CREATE = """mutation Make($in: CreateCustomFieldInput!) {
  createCustomField(input: $in) { customField { id key label kind required options
    maxLength minimum maximum appliesTo
    categories { name } retired } userErrors { code path } } }"""
CHANGE = """mutation Change($in: UpdateCustomFieldInput!) {
  updateCustomField(input: $in) { customField { id label retired required }
    userErrors { code path } } }"""
OPEN = """mutation Open($in: CreateTicketInput!) { createTicket(input: $in) {
  ticket { id customFields { key label kind value } } userErrors { code path } } }"""
UPDATE = """mutation Change($in: UpdateTicketInput!) { updateTicket(input: $in) {
  ticket { version customFields { key value } } userErrors { code path } } }"""
READ = """query Read($id: ID) { ticket(id: $id) { version customFields { key value }
  history { nodes { field before after } } } }"""
ALL = """{ tickets { totalCount } customFields(includeRetired: true) { key label } }"""
LIST = """query List($filter: TicketFilter) { tickets(filter: $filter,
  orderBy: [{field: OPENED_AT}]) { nodes { title } } }"""
CATEGORY = """mutation Make($in: CreateCategoryInput!) { createCategory(input: $in) {
  category { id } } }"""


async def field(desk: Desk, key: str, kind: str, **given: Any) -> dict[str, Any]:
    wanted = {"key": key, "label": key.title(), "kind": kind, **given}
    made = await desk.mutate(CREATE, wanted, by=desk.manager)
    assert made["userErrors"] == [], made
    return made["customField"]


async def opened(desk: Desk, fields: dict[str, Any], **given: Any) -> dict[str, Any]:
    entries = [{"key": key, "value": value} for key, value in fields.items()]
    wanted = {"type": "INCIDENT", "title": "T", "customFields": entries, **given}
    return await desk.mutate(OPEN, wanted)


async def seven_fields(desk: Desk) -> dict[str, Any]:
    """A field of each kind, and a value for each."""
    await field(desk, "site", "TEXT", maxLength=10)
    await field(desk, "seats", "NUMBER", minimum=1, maximum=50)
    await field(desk, "vip", "BOOLEAN")
    await field(desk, "due", "DATE")
    await field(desk, "size", "CHOICE", options=["S", "M", "L"])
    await field(desk, "colours", "MULTI_CHOICE", options=["red", "green", "blue"])
    await field(desk, "buyer", "USER")
    return {
        "site": "Bonn",
        "seats": 12,
        "vip": False,
        "due": "2026-12-24",
        "size": "M",
        "colours": ["red", "blue"],
        "buyer": desk.bob,
    }
