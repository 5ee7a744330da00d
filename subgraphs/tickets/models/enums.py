"""The fixed vocabularies of a ticket: ITIL's words, stored as they are written."""

from enum import Enum
from typing import Final


class TicketType(Enum):
    """The practice that a record belongs to."""

    INCIDENT = "INCIDENT"
    SERVICE_REQUEST = "SERVICE_REQUEST"
    PROBLEM = "PROBLEM"
    CHANGE = "CHANGE"


NUMBER_PREFIX: Final = {
    TicketType.INCIDENT: "INC",
    TicketType.SERVICE_REQUEST: "REQ",
    TicketType.PROBLEM: "PRB",
    TicketType.CHANGE: "CHG",
}
NUMBER_DIGITS: Final = 7


class StatusCategory(Enum):
    """The fixed meaning of a status."""

    NEW = "NEW"
    IN_PROGRESS = "IN_PROGRESS"
    ON_HOLD = "ON_HOLD"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


ENDED: Final = frozenset(
    {StatusCategory.RESOLVED, StatusCategory.CLOSED, StatusCategory.CANCELLED}
)
"""Nobody works on a ticket in these; to leave them for work again is to reopen it."""


OVER: Final = frozenset({StatusCategory.CLOSED, StatusCategory.CANCELLED})
"""Nothing more is said to the requester on a ticket in these."""


class HoldReason(Enum):
    """Whom or what the work waits for."""

    REQUESTER = "REQUESTER"
    VENDOR = "VENDOR"
    PROBLEM = "PROBLEM"
    CHANGE = "CHANGE"
    EVIDENCE = "EVIDENCE"
    APPROVAL = "APPROVAL"
    OTHER = "OTHER"


class Impact(Enum):
    """How much is affected."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Urgency(Enum):
    """How soon it must be mended."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Priority(Enum):
    """What comes first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"
    PLANNING = "PLANNING"


class Channel(Enum):
    """How a ticket came in."""

    PORTAL = "PORTAL"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CHAT = "CHAT"
    API = "API"
    MONITORING = "MONITORING"


class EventKind(Enum):
    """What happened to a ticket."""

    CREATED = "CREATED"
    FIELD_CHANGED = "FIELD_CHANGED"
    STATUS_CHANGED = "STATUS_CHANGED"
    GROUP_CHANGED = "GROUP_CHANGED"
    ASSIGNEE_CHANGED = "ASSIGNEE_CHANGED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"
    CLOSED = "CLOSED"
    LINKED = "LINKED"
    MERGED = "MERGED"
    RESPONDED = "RESPONDED"
    SLA_STARTED = "SLA_STARTED"
    SLA_PAUSED = "SLA_PAUSED"
    SLA_RESUMED = "SLA_RESUMED"
    SLA_WARNED = "SLA_WARNED"
    SLA_BREACHED = "SLA_BREACHED"
    SLA_ESCALATED = "SLA_ESCALATED"


class WatchReason(Enum):
    """Why somebody watches a ticket."""

    MANUAL = "MANUAL"
    REQUESTER = "REQUESTER"
    MENTIONED = "MENTIONED"
    CC = "CC"
    APPROVER = "APPROVER"


class LinkKind(Enum):
    """What one ticket is to another."""

    RELATES_TO = "RELATES_TO"
    DUPLICATES = "DUPLICATES"
    BLOCKS = "BLOCKS"
    CAUSED_BY = "CAUSED_BY"
    PARENT_OF = "PARENT_OF"
    RESOLVED_BY = "RESOLVED_BY"


class QueueVisibility(Enum):
    """Who sees a queue; the tickets in it are another question."""

    EVERYONE = "EVERYONE"
    GROUP = "GROUP"
    OWNER = "OWNER"


class SlaTarget(Enum):
    """What of a ticket must happen within its time."""

    FIRST_RESPONSE = "FIRST_RESPONSE"
    RESOLUTION = "RESOLUTION"
    UPDATE = "UPDATE"


class SlaState(Enum):
    """How a clock stands, the worst first."""

    BREACHED = "BREACHED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    MET = "MET"
    CANCELLED = "CANCELLED"


class Via(Enum):
    """What a change came through."""

    PORTAL = "PORTAL"
    API = "API"
    IMPORT = "IMPORT"
    AUTOMATION = "AUTOMATION"
