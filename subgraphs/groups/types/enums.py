"""The words of this domain, each with what it means."""

from enum import Enum

import strawberry


@strawberry.enum(description="What a group is for.")
class GroupKind(Enum):
    ASSIGNMENT = strawberry.enum_value(
        "ASSIGNMENT", description="Tickets are assigned to it."
    )
    APPROVAL = strawberry.enum_value(
        "APPROVAL", description="It is asked to approve what others request."
    )
    NOTIFICATION = strawberry.enum_value(
        "NOTIFICATION", description="It is told what happens."
    )


@strawberry.enum(description="How a group's tickets find somebody to work on them.")
class AssignmentPolicy(Enum):
    MANUAL = strawberry.enum_value("MANUAL", description="Somebody assigns them.")
    ROUND_ROBIN = strawberry.enum_value(
        "ROUND_ROBIN", description="To each available member in turn."
    )
    LEAST_LOADED = strawberry.enum_value(
        "LEAST_LOADED", description="To the available member with the least open work."
    )
    SKILL_BASED = strawberry.enum_value(
        "SKILL_BASED", description="To an available member who has the skills."
    )


@strawberry.enum(
    description="What becomes of a group's work that somebody who is not available is "
    "given by name."
)
class AbsentAssignees(Enum):
    ALLOW = strawberry.enum_value("ALLOW", description="They get it.")
    WARN = strawberry.enum_value(
        "WARN", description="They get it, and the answer has a warning."
    )
    REFUSE = strawberry.enum_value("REFUSE", description="They do not get it.")


@strawberry.enum(description="Whether somebody can be given work.")
class Availability(Enum):
    AVAILABLE = strawberry.enum_value("AVAILABLE", description="Yes.")
    BUSY = strawberry.enum_value("BUSY", description="There, and taken up.")
    AWAY = strawberry.enum_value("AWAY", description="Not there: leave, or ill.")
    OFF_SHIFT = strawberry.enum_value(
        "OFF_SHIFT", description="Not there: it is not their time to work."
    )
