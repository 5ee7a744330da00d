"""The fixed vocabularies of workflow, details and custom fields."""

from enum import Enum


class TransitionCheck(Enum):
    """What a step of the workflow may look at before it is taken."""

    OPEN_CHILDREN = "OPEN_CHILDREN"
    APPROVAL_PENDING = "APPROVAL_PENDING"
    MISSING_ROOT_CAUSE = "MISSING_ROOT_CAUSE"
    MISSING_PLAN = "MISSING_PLAN"
    MISSING_GROUP = "MISSING_GROUP"
    MISSING_ASSIGNEE = "MISSING_ASSIGNEE"
    MISSING_CATEGORY = "MISSING_CATEGORY"


class ApprovalState(Enum):
    """What became of the consent that a ticket needs."""

    PENDING = "PENDING"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"


class ChangeKind(Enum):
    """How a change is handled."""

    STANDARD = "STANDARD"
    NORMAL = "NORMAL"
    EMERGENCY = "EMERGENCY"


class CustomFieldKind(Enum):
    """What a custom field holds."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    CHOICE = "CHOICE"
    MULTI_CHOICE = "MULTI_CHOICE"
    USER = "USER"


class Weekday(Enum):
    """A day of the week, as Python counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class SettingSubject(Enum):
    """What kind of setting somebody changed."""

    STATUS = "STATUS"
    TRANSITION = "TRANSITION"
    LIFECYCLE = "LIFECYCLE"
    RESOLUTION_CODE = "RESOLUTION_CODE"
    PRIORITY = "PRIORITY"
    CATEGORY = "CATEGORY"
    SERVICE = "SERVICE"
    CATALOG_ITEM = "CATALOG_ITEM"
    CUSTOM_FIELD = "CUSTOM_FIELD"
    BUSINESS_CALENDAR = "BUSINESS_CALENDAR"
    SLA_POLICY = "SLA_POLICY"
