"""The words of this domain, each with what it means."""

from enum import Enum

import strawberry


@strawberry.enum(
    description="Who reads a comment: decided when it is written, and never changed."
)
class CommentVisibility(Enum):
    PUBLIC = strawberry.enum_value(
        "PUBLIC", description="Everybody who sees the ticket, its requester above all."
    )
    INTERNAL = strawberry.enum_value(
        "INTERNAL", description="Only those who work on the ticket."
    )


@strawberry.enum(description="What a comment came through.")
class CommentSource(Enum):
    WEB = strawberry.enum_value("WEB", description="A person signed in.")
    EMAIL = strawberry.enum_value("EMAIL", description="A mail that was taken in.")
    API = strawberry.enum_value("API", description="A service account.")
    SYSTEM = strawberry.enum_value("SYSTEM", description="HelpNest itself.")
