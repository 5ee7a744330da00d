"""What the rules about nodes may say no with: nothing, since nothing is written."""

from enum import Enum


class NodeErrorCode(Enum):
    """Has no member."""
