"""The generated text: lines of Python, and the constants that they name.

Text of a client's document enters only through `literal`. Every other word comes
from the schema or is written in this package.
"""

import re
from collections.abc import Iterable
from sys import intern
from typing import Any

NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_]")


class Text:
    """Python source under construction, with the namespace that it will run in."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self._lines: list[str] = []
        self._numbers = 0
        self._classes: dict[frozenset[type[Any]], str] = {}

    def fresh(self, stem: str) -> str:
        """Make a new name out of a word of the schema.

        >>> Text({}).fresh("Ticket")
        'Ticket_1'
        """
        self._numbers += 1
        return intern(f"{NOT_IN_NAMES.sub('_', stem)}_{self._numbers}")

    def constant(self, stem: str, value: Any) -> str:
        """Name a value for the generated code."""
        name = self.fresh(stem)
        self.names[name] = value
        return name

    def classes(self, kinds: Iterable[type[Any]]) -> str:
        """Name a set of classes; the same set has one name."""
        known = frozenset(kinds)
        name = self._classes.get(known)
        if name is None:
            name = self._classes[known] = self.constant("classes", known)
        return name

    def add(self, indent: int, *lines: str) -> None:
        """Append lines at one depth."""
        margin = "    " * indent
        self._lines.extend(margin + line if line else "" for line in lines)

    def take(self) -> str:
        """Return the lines written since the last time."""
        text = "\n".join(self._lines) + "\n"
        self._lines.clear()
        return text


def literal(value: str) -> str:
    r"""Quote text, so that it stays data whatever it says.

    >>> literal("__class__")
    "'__class__'"
    """
    return ascii(str(value))
