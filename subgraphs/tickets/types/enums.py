"""The vocabularies as the graph describes them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

import strawberry

from subgraphs.tickets.errors import TicketErrorCode
from subgraphs.tickets.models import (
    Channel,
    EventKind,
    HoldReason,
    Impact,
    LinkKind,
    Priority,
    QueueVisibility,
    SlaState,
    SlaTarget,
    StatusCategory,
    TicketType,
    Urgency,
    WatchReason,
)


def describe(
    kind: type[Enum], name: str, description: str, values: Mapping[str, str]
) -> None:
    """Make an enum of the models a GraphQL enum, each of its values described."""
    strawberry.enum(kind, name=name, description=description)
    definition = cast("Any", kind).__strawberry_definition__
    for value in definition.values:
        value.description = values[value.name]


describe(
    TicketType,
    "TicketType",
    "ITIL practice that the record belongs to.",
    {
        "INCIDENT": "Something is broken or worse than it should be.",
        "SERVICE_REQUEST": "Something is wanted that the department offers.",
        "PROBLEM": "The cause behind incidents.",
        "CHANGE": "A planned change of what is in use.",
    },
)
describe(
    StatusCategory,
    "StatusCategory",
    "Fixed, machine-readable meaning of a status. Statuses are added inside a "
    "category; categories never are.",
    {
        "NEW": "Nobody has begun.",
        "IN_PROGRESS": "Somebody works on it.",
        "ON_HOLD": "Work waits on somebody else; `holdReason` says on whom.",
        "RESOLVED": "A solution was given; the requester may say that it is none.",
        "CLOSED": "Finished.",
        "CANCELLED": "Given up without a solution.",
    },
)
describe(
    HoldReason,
    "HoldReason",
    "Why work waits on somebody else.",
    {
        "REQUESTER": "For an answer of the requester.",
        "VENDOR": "For a supplier.",
        "PROBLEM": "For a problem to be solved.",
        "CHANGE": "For a change to be made.",
        "EVIDENCE": "For it to happen again, or for logs.",
        "APPROVAL": "For somebody's consent.",
        "OTHER": "For something else.",
    },
)
describe(
    Impact,
    "Impact",
    "How much is affected.",
    {
        "HIGH": "Many people, or something vital.",
        "MEDIUM": "A team.",
        "LOW": "One person.",
    },
)
describe(
    Urgency,
    "Urgency",
    "How soon it must be mended.",
    {
        "HIGH": "Work has stopped.",
        "MEDIUM": "Work is hampered.",
        "LOW": "It can wait.",
    },
)
describe(
    Priority,
    "Priority",
    "What comes first. Derived from impact x urgency by the priority matrix unless "
    "overridden.",
    {
        "CRITICAL": "Before all else.",
        "HIGH": "Next.",
        "MODERATE": "In turn.",
        "LOW": "When there is time.",
        "PLANNING": "To be planned.",
    },
)
describe(
    Channel,
    "Channel",
    "How a ticket came in.",
    {
        "PORTAL": "By the web app.",
        "EMAIL": "By e-mail.",
        "PHONE": "By telephone.",
        "CHAT": "By chat.",
        "API": "By another system.",
        "MONITORING": "By an alarm.",
    },
)
describe(
    EventKind,
    "TicketEventKind",
    "What happened to a ticket.",
    {
        "CREATED": "It was opened; `after` is what it began as.",
        "FIELD_CHANGED": "The field named in `field` changed.",
        "STATUS_CHANGED": "It moved; `before` and `after` have status and holdReason.",
        "GROUP_CHANGED": "Another group has it: a reassignment.",
        "ASSIGNEE_CHANGED": "Somebody else works on it, or nobody.",
        "RESOLVED": "It moved to a status of the category RESOLVED.",
        "REOPENED": "It moved back from resolved, closed or cancelled.",
        "CLOSED": "It moved to a status of the category CLOSED.",
        "LINKED": "It was linked with another ticket: `after` says how, or `before` "
        "where the link was taken away.",
        "MERGED": "It was merged: `after` names the ticket it went into, or those that "
        "came into it.",
        "RESPONDED": "Somebody who works on it, not its requester, replied publicly.",
        "SLA_STARTED": "The clock named in `field` runs; `after` is what is promised.",
        "SLA_PAUSED": "That clock stands still until the ticket is taken up again.",
        "SLA_RESUMED": "That clock runs on; what it had counted is kept.",
        "SLA_WARNED": "That clock has passed the share at which its policy warns.",
        "SLA_BREACHED": "That clock's time was up, at `at`. It is never undone.",
        "SLA_ESCALATED": "The breach was made known to the group in `after`.",
    },
)
describe(
    WatchReason,
    "WatchReason",
    "Why somebody watches a ticket.",
    {
        "MANUAL": "They wished to.",
        "REQUESTER": "They asked for a ticket that was merged into this one.",
        "MENTIONED": "A public comment mentioned them.",
        "CC": "Somebody wished them to know.",
        "APPROVER": "Their consent is asked.",
    },
)
describe(
    LinkKind,
    "TicketLinkKind",
    "What one ticket is to another, read from the first to the second.",
    {
        "RELATES_TO": "They have to do with each other; it reads the same from both.",
        "DUPLICATES": "It says again what the other one says.",
        "BLOCKS": "The other one cannot go on before it.",
        "CAUSED_BY": "The other one brought it about.",
        "PARENT_OF": "The other one is a part of it; a ticket has one parent at most.",
        "RESOLVED_BY": "The other one solves it.",
    },
)
describe(
    QueueVisibility,
    "QueueVisibility",
    "Who sees a queue. In it everybody sees the tickets that they may see, no more.",
    {
        "EVERYONE": "Whoever reads tickets.",
        "GROUP": "The members of its group.",
        "OWNER": "Who made it.",
    },
)
describe(
    SlaTarget,
    "SlaTarget",
    "What of a ticket must happen within its time.",
    {
        "FIRST_RESPONSE": "Somebody answers: a public reply, or work begins.",
        "RESOLUTION": "It is resolved.",
        "UPDATE": "The requester hears something new, again and again.",
    },
)
describe(
    SlaState,
    "SlaState",
    "How a clock stands.",
    {
        "BREACHED": "It did not happen in time. This never becomes another state.",
        "RUNNING": "Business time passes.",
        "PAUSED": "The ticket waits for a reason that the policy names.",
        "MET": "It happened in time.",
        "CANCELLED": "The ticket was given up, or nothing is promised any more.",
    },
)
describe(
    TicketErrorCode,
    "TicketErrorCode",
    "What a rule about tickets said no with.",
    {
        "REQUIRED": "An input is missing or empty.",
        "INVALID": "An input has a value that it cannot have.",
        "TOO_LONG": "A text or a list is longer than what fits.",
        "TAKEN": "The name belongs to another one already.",
        "NOT_FOUND": "There is no such object, or you may not see it.",
        "FORBIDDEN": "You may see it, but not do this.",
        "STALE": "It has changed since `expectedVersion`; `ticket` is what it is now.",
        "INVALID_TRANSITION": "The workflow has no such step from here.",
        "ALREADY_MERGED": "It went into another ticket: `mergedInto` says which.",
        "OPEN_CHILDREN": "It has children that have not come to an end.",
        "CYCLE": "It would lead back to itself, however far around.",
        "IN_USE": "Others stand on it; they come first.",
        "TRANSITION_BLOCKED": "The step exists, but something must happen first; the "
        "message says what.",
        "APPROVAL_PENDING": "The step waits for somebody's consent.",
        "REOPEN_WINDOW_OVER": "It ended too long ago to be reopened: open a new one.",
        "DEAD_END": "Tickets would be stuck in a status: no way leads to an end.",
        "ASSIGNEE_NOT_IN_GROUP": "The person is not in the group that has it.",
        "ASSIGNEE_UNAVAILABLE": "Nobody who could take it is available; the message "
        "says why.",
        "UNAVAILABLE": "Another service, which must be asked first, does not answer.",
    },
)


class TicketOrderField(Enum):
    """By what tickets are sorted; the values are the columns."""

    OPENED_AT = "opened_at"
    UPDATED_AT = "updated_at"
    PRIORITY = "priority_rank"
    SLA_DUE_AT = "sla_due_order"
    NUMBER = "number"
    RELEVANCE = "distance"


describe(
    TicketOrderField,
    "TicketOrderField",
    "By what tickets are sorted.",
    {
        "OPENED_AT": "When they were opened.",
        "UPDATED_AT": "When they last changed.",
        "SLA_DUE_AT": "By when a clock is due, the overdue first when ascending and "
        "those for which nothing is due last.",
        "PRIORITY": "By priority, the most urgent first when ascending.",
        "NUMBER": "By number, the practices apart.",
        "RELEVANCE": "By how well they meet `search`, the best first when ascending; "
        "only with it.",
    },
)
