"""Objects of the graph that are rows of the database, shown as they are.

Such an object holds its row and nothing else. What no row holds is made when it is
asked for; and where only columns are asked for, a list of rows is executed without
looking at its objects one by one (`jit.RecordView`).
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Self, TypeVar

from asyncpg import Record

from jit import Made, RecordView

Kind = TypeVar("Kind", bound=type[Any])


class ShownRow:
    """Holds a row; its columns become attributes by `shows_rows`."""

    __slots__ = ("row",)

    row: Record

    @classmethod
    def from_row(cls, row: Record) -> Self:
        """Show a row."""
        shown = cls.__new__(cls)
        shown.row = row
        return shown


def shows_rows(
    columns: AbstractSet[str], made: Mapping[str, Callable[[Record], Any]]
) -> Callable[[Kind], Kind]:
    """Give a class attributes for these columns, and for what is made of a row.

    A column that was not read is a ``KeyError``. Where a class has something of its
    own under that name, it keeps it.
    """

    def give(kind: Kind) -> Kind:
        for name in columns:
            if not hasattr(kind, name):
                setattr(kind, name, property(_column(name)))
        for name, make in made.items():
            setattr(kind, name, property(_made(make)))
        view = RecordView(
            "row",
            frozenset(columns) - set(made),
            {name: make for name, make in made.items() if isinstance(make, Made)},
        )
        kind.__record_view__ = view
        return kind

    return give


def _column(name: str) -> Callable[[ShownRow], Any]:
    return lambda shown: shown.row[name]


def _made(make: Callable[[Record], Any]) -> Callable[[ShownRow], Any]:
    return lambda shown: make(shown.row)


def link(kind: type[Any], column: str) -> Made:
    """Make a link to another domain's entity, or None where there is none."""
    return Made(kind, {"id": column}, optional=True)
