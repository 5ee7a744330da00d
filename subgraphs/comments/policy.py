"""Who may know what about comments."""

from typing import Final

from kit.identity import Identity

READ: Final = "comments:read"


def can_read(caller: Identity) -> bool:
    """Say whether the caller may see comments; no, by default."""
    return caller.authenticated and caller.may(READ)
