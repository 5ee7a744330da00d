"""The vocabularies of workflow, details and custom fields, described."""

from subgraphs.tickets.models import (
    ApprovalState,
    ChangeKind,
    CustomFieldKind,
    SettingSubject,
    TransitionCheck,
)
from subgraphs.tickets.types.enums import describe

__all__ = [
    "ApprovalState",
    "ChangeKind",
    "CustomFieldKind",
    "SettingSubject",
    "TransitionCheck",
]

describe(
    TransitionCheck,
    "TransitionCheck",
    "What a step of the workflow may look at: while it is so, the step cannot be "
    "taken.",
    {
        "OPEN_CHILDREN": "Somebody still works on a ticket that is part of it.",
        "APPROVAL_PENDING": "Consent is needed and was not given yet, or declined.",
        "MISSING_ROOT_CAUSE": "A problem's root cause is not written down.",
        "MISSING_PLAN": "A change has no planned start, no planned end, or no way "
        "back.",
        "MISSING_GROUP": "No group has the ticket.",
        "MISSING_ASSIGNEE": "Nobody is assigned to it.",
        "MISSING_CATEGORY": "It has no category.",
    },
)
describe(
    ApprovalState,
    "ApprovalState",
    "What became of the consent that a ticket needs.",
    {
        "PENDING": "Nobody has decided.",
        "GRANTED": "It was given.",
        "DECLINED": "It was declined.",
    },
)
describe(
    ChangeKind,
    "ChangeKind",
    "How a change is handled.",
    {
        "STANDARD": "Done often, agreed to once and for all.",
        "NORMAL": "Looked at and agreed to each time.",
        "EMERGENCY": "Made at once, looked at afterwards.",
    },
)
describe(
    CustomFieldKind,
    "CustomFieldKind",
    "What a custom field holds.",
    {
        "TEXT": "A text, at most `maxLength` characters.",
        "NUMBER": "A number, between `minimum` and `maximum`.",
        "BOOLEAN": "Yes or no.",
        "DATE": "A day, as YYYY-MM-DD.",
        "CHOICE": "One of `options`.",
        "MULTI_CHOICE": "Some of `options`, as a list.",
        "USER": "The id of a user.",
    },
)
describe(
    SettingSubject,
    "TicketSettingSubject",
    "What kind of setting was changed.",
    {
        "STATUS": "A status.",
        "TRANSITION": "A step of a type's workflow.",
        "LIFECYCLE": "What goes by the calendar.",
        "RESOLUTION_CODE": "A kind of solution.",
        "PRIORITY": "A cell of the priority matrix.",
        "CATEGORY": "A category.",
        "SERVICE": "A service.",
        "CATALOG_ITEM": "A catalogue item, its form included.",
        "CUSTOM_FIELD": "A custom field of tickets.",
        "BUSINESS_CALENDAR": "The hours in which business time counts.",
        "SLA_POLICY": "What is promised for which tickets, its goals included.",
    },
)
