"""The kinds of value that several sections of router.yaml share."""

import re
from typing import Annotated, Any, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from kit.settings import LARGEST_PORT

NUMBERS = (int, float, int | None, float | None)

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Section(BaseModel):
    """One mapping of router.yaml: no key but its own, and fixed once read."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        defer_build=True,  # once, as parts of the whole, not each for itself
    )

    @field_validator("*", mode="before")
    @classmethod
    def _a_switch_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse what would be taken for one second, or for a limit of one."""
        kind = cast("object", cls.model_fields[info.field_name or ""].annotation)
        if isinstance(value, bool) and kind in NUMBERS:
            raise ValueError(f"{str(value).lower()} is no number")
        return value

    @classmethod
    def usual(cls, **given: Any) -> Self:
        """Make one of its defaults, and what is given; nothing is checked, or built.

        A default that were made as usual would need its validator while modules load.
        """
        return cls.model_construct(**given)


WRITING = "a duration is written like 3s, 500ms or 1m30s"


def seconds(value: object) -> object:
    """Read a duration as Apollo Router writes it.

    >>> seconds("500ms"), seconds("1m30s"), seconds(3)
    (0.5, 90.0, 3)

    Raises:
        ValueError: the text is not a sequence of numbers with units.

    """
    if isinstance(value, bool):
        raise ValueError(WRITING)
    if not isinstance(value, str):
        return value
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(ms|[smhd])", value)
    written = "".join(f"{number}{unit}" for number, unit in parts)
    if not parts or written != re.sub(r"\s+", "", value):
        raise ValueError(WRITING)
    return sum(float(number) * UNITS[unit] for number, unit in parts)


LONGEST = 365 * UNITS["d"]

WRITTEN = {
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": r"^(\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$"},
    ]
}
"""A duration, as editors check it."""

Duration = Annotated[
    float,
    BeforeValidator(seconds),
    Field(gt=0, le=LONGEST, allow_inf_nan=False),
    WithJsonSchema(WRITTEN),
]
"""Seconds, read from ``3s``, ``500ms``, ``1m``."""

DurationOrZero = Annotated[
    float,
    BeforeValidator(seconds),
    Field(ge=0, le=LONGEST, allow_inf_nan=False),
    WithJsonSchema(WRITTEN),
]
"""The same, where zero means something too."""

NAME = r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

HeaderName = Annotated[str, StringConstraints(pattern=NAME)]

VISIBLE = r"[\x21-\x7e\x80-\xff]"
LINE = rf"^({VISIBLE}([\t\x20-\x7e\x80-\xff]*{VISIBLE})?)?$"

HeaderValue = Annotated[str, StringConstraints(pattern=LINE)]
"""One line, without blanks around it."""

UrlPath = Annotated[str, StringConstraints(pattern=r"^/[^\s?#*{}]*$")]
"""The path of a URL, as it is: nothing in it stands for something else."""


def compiles(expression: str) -> str:
    """Give back a regular expression that is one.

    Raises:
        ValueError: it is none.

    """
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return expression


def compiles_for_names(expression: str) -> str:
    """Give back a regular expression of headers' names, which are bytes.

    Raises:
        ValueError: it is none.

    """
    try:
        re.compile(expression.encode("ascii"))
    except (re.error, UnicodeEncodeError) as error:
        raise ValueError(f"not a regular expression of names: {error}") from error
    return expression


Expression = Annotated[str, AfterValidator(compiles)]
NamesExpression = Annotated[str, AfterValidator(compiles_for_names)]

LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):(?P<port>[0-9]{1,5})")


def listens(address: str) -> str:
    """Give back an address that can be listened on.

    Raises:
        ValueError: it is none.

    """
    found = LISTEN.fullmatch(address)
    if found is None or int(found["port"]) > LARGEST_PORT:
        raise ValueError(f"{address!r} is not host:port")
    return address


Listen = Annotated[str, AfterValidator(listens)]
