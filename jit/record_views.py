"""Say that objects of a class are views of records, so that no view need be asked.

A database driver's rows are read by key in C, many keys in one call. A class of the
schema that shows such rows may say so::

    class Ticket:
        __record_view__ = RecordView("row", {"id", "title"}, {"owner": Made(...)})

jit then reads the records of a whole list where it would have read attributes. It is
the class's promise that both are the same.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

VIEW: Final = "__record_view__"


@dataclass(frozen=True, slots=True)
class Made:
    """An object that a view makes of its record: a class, and its attributes' keys.

    Where `optional`, there is none if the value of its first attribute is null.
    """

    kind: Callable[..., Any]
    attributes: Mapping[str, str]
    optional: bool = False

    def __call__(self, record: Any) -> Any:
        """Make it.

        >>> Made(dict, {"id": "owner_id"}, optional=True)({"owner_id": "usr_1"})
        {'id': 'usr_1'}
        """
        values = {name: record[key] for name, key in self.attributes.items()}
        if self.optional and values[next(iter(values))] is None:
            return None
        return self.kind(**values)


@dataclass(frozen=True, slots=True)
class RecordView:
    """How attributes of a view stand in the record it holds.

    `holder` names the attribute that holds the record. An attribute of `columns` is
    the record's value under the same name; one of `made` is made of several.
    """

    holder: str
    columns: AbstractSet[str]
    made: Mapping[str, Made] = field(default_factory=dict[str, Made])

    @property
    def record_of(self) -> Callable[[Any], Any]:
        """Read the record that a view holds."""
        return attrgetter(self.holder)


def view_of(kind: type[Any]) -> RecordView | None:
    """Return what a class itself says; a subclass may read its attributes elsewhere."""
    found = vars(kind).get(VIEW)
    return found if isinstance(found, RecordView) else None
