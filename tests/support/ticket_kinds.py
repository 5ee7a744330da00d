"""What tests send about a ticket's details, and to see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

Desk = Any  # of tests/e2e/tickets/conftest.py

DETAILS = """approvalState details { __typename
  ... on IncidentDetails { major causedByChange { id number } knownError { id } }
  ... on ServiceRequestDetails { catalogItem { name } formAnswers { key value } }
  ... on ProblemDetails { rootCause workaround isKnownError }
  ... on ChangeDetails { kind risk plannedStartAt plannedEndAt backoutPlan } }"""
READ = f"""query Read($id: ID) {{ ticket(id: $id) {{ id number type version {DETAILS}
  history {{ nodes {{ kind field before after note }} }} }} }}"""
OPEN = f"""mutation Open($in: CreateTicketInput!) {{ createTicket(input: $in) {{
  ticket {{ id service {{ name }} {DETAILS} }} userErrors {{ code path }} }} }}"""
UPDATE = f"""mutation Change($in: UpdateTicketDetailsInput!) {{
  updateTicketDetails(input: $in) {{ ticket {{ version {DETAILS} }}
    event {{ field }} userErrors {{ code path }} }} }}"""
RECLASSIFY = f"""mutation Turn($in: ReclassifyTicketInput!) {{
  reclassifyTicket(input: $in) {{ ticket {{ number type {DETAILS} }}
    userErrors {{ code path }} }} }}"""
APPROVE = """mutation Decide($in: RecordApprovalInput!) { recordApproval(input: $in) {
  ticket { approvalState } userErrors { code path } } }"""
ITEM = """mutation Offer($in: CreateCatalogItemInput!) { createCatalogItem(input: $in) {
  catalogItem { id } userErrors { code path } } }"""


def ahead(**time: float) -> str:
    then = datetime.now(UTC) + timedelta(**time)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def read(desk: Desk, key: str) -> dict[str, Any]:
    data = await desk.data(READ, {"id": key}, **desk.agent)
    return data["ticket"]


async def laptop(desk: Desk, **given: Any) -> str:
    """A catalogue item with a form of two fields."""
    form = [
        {"key": "model", "label": "Model", "kind": "CHOICE", "required": True},
        {"key": "reason", "label": "Why", "kind": "TEXT", "maxLength": 20},
    ]
    form[0]["options"] = ["13 inches", "15 inches"]  # pyright: ignore[reportArgumentType] - mixed on purpose
    wanted = {"name": "Laptop", "approvalRequired": True, "fields": form, **given}
    made = await desk.mutate(ITEM, wanted, by=desk.manager)
    assert made["userErrors"] == []
    return made["catalogItem"]["id"]
