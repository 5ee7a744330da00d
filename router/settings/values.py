"""The kinds of value that several sections of router.yaml share."""

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Section(BaseModel):
    """One mapping of router.yaml: no key but its own, and fixed once read."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        defer_build=True,  # once, as parts of the whole, not each for itself
    )

    @classmethod
    def usual(cls, **given: Any) -> Self:
        """Make one of its defaults, and what is given; nothing is checked, or built.

        A default that were made as usual would need its validator while modules load.
        """
        return cls.model_construct(**given)


def seconds(value: object) -> object:
    """Read a duration as Apollo Router writes it.

    >>> seconds("500ms"), seconds("1m30s"), seconds(3)
    (0.5, 90.0, 3)

    Raises:
        ValueError: the text is not a sequence of numbers with units.

    """
    if not isinstance(value, str):
        return value
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(ms|[smhd])", value)
    written = "".join(f"{number}{unit}" for number, unit in parts)
    if not parts or written != re.sub(r"\s+", "", value):
        raise ValueError("a duration is written like 3s, 500ms or 1m30s")
    return sum(float(number) * UNITS[unit] for number, unit in parts)


WRITTEN = {
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": r"^(\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$"},
    ]
}
"""A duration, as editors check it."""

Duration = Annotated[float, BeforeValidator(seconds), WithJsonSchema(WRITTEN)]
"""Seconds, read from ``3s``, ``500ms``, ``1m``."""
