"""What tests send to set up the life of a ticket, and to see how it is set up."""

from typing import Any

Desk = Any  # of tests/e2e/tickets/conftest.py

MOVE = """mutation Move($in: TransitionTicketInput!) { transitionTicket(input: $in) {
  ticket { id status { key } reopenCount } userErrors { code path message } } }"""
CREATE_STATUS = """mutation Make($in: CreateTicketStatusInput!) {
  createTicketStatus(input: $in) { status { id key name category appliesTo retired }
    userErrors { code path } } }"""
UPDATE_STATUS = """mutation Change($in: UpdateTicketStatusInput!) {
  updateTicketStatus(input: $in) { status { id name appliesTo retired }
    userErrors { code path message } } }"""
SET = """mutation Step($in: SetTransitionInput!) { setTransition(input: $in) {
  workflow { fromStatus { key } toStatus { key } requiredFields checks }
  userErrors { code path message } } }"""
REMOVE = """mutation Step($in: RemoveTransitionInput!) { removeTransition(input: $in) {
  workflow { fromStatus { key } toStatus { key } } userErrors { code path } } }"""
LIFECYCLE = """mutation Set($in: ConfigureTicketLifecycleInput!) {
  configureTicketLifecycle(input: $in) { lifecycle { reopenWithin closeAfter }
    userErrors { code path } } }"""
CREATE_CODE = """mutation Make($in: CreateResolutionCodeInput!) {
  createResolutionCode(input: $in) { resolutionCode { id code retired }
    userErrors { code path } } }"""
UPDATE_CODE = """mutation Change($in: UpdateResolutionCodeInput!) {
  updateResolutionCode(input: $in) { resolutionCode { id code name retired }
    userErrors { code path } } }"""
PRIORITY = """mutation Set($in: SetPriorityInput!) { setPriority(input: $in) {
  matrix { impact urgency priority } userErrors { code path } } }"""
ALL = """{ ticketStatuses(includeRetired: true) { key name appliesTo retired }
  ticketLifecycle { reopenWithin closeAfter } priorityMatrix { priority }
  resolutionCodes(includeRetired: true) { code name retired }
  incident: ticketWorkflow(type: INCIDENT) { ...Step }
  change: ticketWorkflow(type: CHANGE) { ...Step } }
fragment Step on WorkflowStep {
  fromStatus { key } toStatus { key } requiredFields checks }"""
MINE = """query Mine($id: ID) { ticket(id: $id) {
  viewerPermissions { canResolve canReopen cannotReasons }
  availableTransitions { toStatus { key } blockedBy } } }"""
LOG = """{ ticketSettingChanges { totalCount nodes {
  subject key before after actor { id } } } }"""


async def settings(desk: Desk) -> dict[str, Any]:
    return await desk.data(ALL, **desk.manager)


async def move(desk: Desk, key: str, to: str, **given: Any) -> dict[str, Any]:
    """Let the agent take a step."""
    step = {"id": key, "toStatusKey": to, **given}
    return await desk.mutate(MOVE, step, by=desk.agent)


def blocked_by(ticket: dict[str, Any]) -> dict[str, list[str]]:
    """Say of each step of a ticket, by its target, what is in its way."""
    steps = ticket["availableTransitions"]
    return {step["toStatus"]["key"]: step["blockedBy"] for step in steps}
