"""Fields that inputs and payloads have in common, described once."""

from typing import Any

import strawberry
from strawberry import UNSET

from kit.idempotency import KEY_DESCRIPTION, VERSION_DESCRIPTION


def maybe(description: str) -> Any:
    """Take a field that may be left out, which is another thing than null."""
    return strawberry.field(default=UNSET, description=description)


def key_field() -> Any:
    """Take the caller's name for the request."""
    return strawberry.field(default=None, description=KEY_DESCRIPTION)


def version_field() -> Any:
    """Take the version that the caller last saw."""
    return strawberry.field(default=None, description=VERSION_DESCRIPTION)


def instant_field() -> Any:
    """Take when something happened."""
    return strawberry.field(
        default=None,
        description="When it happened, for imports. Null: now. Requires "
        "tickets:import.",
    )


def actor_field() -> Any:
    """Take who did something."""
    return strawberry.field(
        default=None,
        description="Id of the user who did it, for imports. Null: the caller. "
        "Requires tickets:import.",
    )


def errors_field() -> Any:
    """Tell why nothing was written."""
    return strawberry.field(description="Why nothing was written; empty when it was.")


def repeated_field() -> Any:
    """Tell that it was written before."""
    return strawberry.field(
        default=False,
        description="This `idempotencyKey` was used before: nothing was done again.",
    )
