"""Filter inputs → SQL, compiled once for each shape of filter.

A predicate keeps its *shape* (which columns, which operators, how nested) apart
from its *values*. A repository builds SQL from the shape, caches it, and sends the
values as parameters; nothing that a caller wrote ever becomes SQL text.

>>> status, title = condition("status", "in", ["NEW"]), condition("title", "eq", "x")
>>> wanted = all_of(status, negate(title))
>>> wanted.shape
('and', ('in', 'status'), ('not', ('eq', 'title')))
>>> wanted.values
(['NEW'], 'x')
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    or_,
    true,
)

from kit.errors import InvalidInputError

Shape = tuple[Any, ...]
Special = Callable[[str, ColumnElement[Any]], ColumnElement[bool]]
Columns = Mapping[str, ColumnElement[Any] | Special]
"""What each name of a shape means in SQL: a column, or a function (operator, bound
value) → condition for what no single column can say."""

MAX_DEPTH: Final = 8
MAX_VALUES: Final = 500
MAX_CONDITIONS: Final = 100
"""In one predicate: each shape is compiled to SQL of its own."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition: its shape, which can be cached, and its values in order."""

    shape: Shape
    values: tuple[object, ...] = ()

    @property
    def depth(self) -> int:
        """How deep conditions nest."""
        return _depth(self.shape)

    @property
    def size(self) -> int:
        """How many conditions there are, joining ones included."""
        return _size(self.shape)


EVERYTHING: Final = Predicate(("and",))
"""The condition that every row meets."""


def condition(column: str, operator: str, value: object = None) -> Predicate:
    """Compare a column; ``null`` and ``not_null`` take no value.

    Raises:
        InvalidInputError: a list of more than `MAX_VALUES` values, or a text with
            the one character that PostgreSQL cannot hold.

    """
    if operator in {"null", "not_null"}:
        return Predicate((operator, column))
    if isinstance(value, list) and len(value) > MAX_VALUES:
        raise InvalidInputError(
            f"A filter takes at most {MAX_VALUES} values in a list."
        )
    if any("\x00" in text for text in _texts(value)):
        raise InvalidInputError("No text contains the character U+0000.")
    return Predicate((operator, column), (value,))


def _texts(value: object) -> list[str]:
    values: Iterable[object] = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def all_of(*parts: Predicate) -> Predicate:
    """Ask for every part."""
    return _join("and", parts)


def any_of(*parts: Predicate) -> Predicate:
    """Ask for one part at least; of no parts, nothing meets it."""
    return _join("or", parts)


def negate(part: Predicate) -> Predicate:
    """Ask for the opposite; a comparison with a null column counts as not met."""
    return Predicate(("not", part.shape), part.values)


def conjuncts(predicate: Predicate) -> Iterator[Predicate]:
    """Take a condition apart into those that must all be met.

    >>> both = all_of(condition("status", "in", ["NEW"]), condition("group", "null"))
    >>> [each.shape for each in conjuncts(both)]
    [('in', 'status'), ('null', 'group')]
    """
    if predicate.shape[0] != "and":
        yield predicate
        return
    values = iter(predicate.values)
    for part in predicate.shape[1:]:
        own = tuple(islice(values, _takes(part)))
        yield from conjuncts(Predicate(part, own))


def _takes(shape: Shape) -> int:
    """Count the values of a shape."""
    if shape[0] in {"and", "or", "not"}:
        return sum(_takes(inner) for inner in shape[1:])
    return 0 if shape[0] in {"null", "not_null"} else 1


def _join(word: str, parts: tuple[Predicate, ...]) -> Predicate:
    if len(parts) == 1:
        return parts[0]
    return Predicate(
        (word, *(part.shape for part in parts)),
        tuple(value for part in parts for value in part.values),
    )


def refuse_depth(predicate: Predicate) -> Predicate:
    """Refuse a predicate too deep or too long to become SQL, and return any other.

    Raises:
        InvalidInputError: it is.

    """
    if predicate.depth > MAX_DEPTH:
        raise InvalidInputError(f"A filter nests at most {MAX_DEPTH} levels deep.")
    if predicate.size > MAX_CONDITIONS:
        raise InvalidInputError(f"A filter has at most {MAX_CONDITIONS} conditions.")
    return predicate


def _depth(shape: Shape) -> int:
    if shape[0] in {"and", "or", "not"}:
        return 1 + max((_depth(inner) for inner in shape[1:]), default=0)
    return 0


def _size(shape: Shape) -> int:
    if shape[0] in {"and", "or", "not"}:
        return 1 + sum(_size(inner) for inner in shape[1:])
    return 1


def where(shape: Shape, columns: Columns, prefix: str = "p") -> ColumnElement[bool]:
    """Build the SQL condition of a shape; its values bind as ``p0``, ``p1``, ….

    Raises:
        KeyError: a column that ``columns`` does not name.

    """
    return build(shape, columns, (f"{prefix}{n}" for n in count()))


def bound(predicate: Predicate, prefix: str = "p") -> dict[str, object]:
    """Name a predicate's values as `where` binds them.

    >>> bound(condition("title", "eq", "x"))
    {'p0': 'x'}
    """
    return {f"{prefix}{n}": value for n, value in enumerate(predicate.values)}


def build(shape: Shape, columns: Columns, names: Iterator[str]) -> ColumnElement[bool]:
    """Build a part of a condition, its values bound by the next of these names."""
    word = shape[0]
    if word == "and":
        return and_(true(), *(build(part, columns, names) for part in shape[1:]))
    if word == "or":
        return or_(false(), *(build(part, columns, names) for part in shape[1:]))
    if word == "not":
        inner = build(shape[1], columns, names)
        return inner.is_not(true())
    column = columns[shape[1]]
    if isinstance(column, ColumnElement):
        return _compare(word, column, names)
    return column(word, bindparam(next(names)))


def _compare(
    operator: str, column: ColumnElement[Any], names: Iterator[str]
) -> ColumnElement[bool]:
    if operator == "null":
        return column.is_(None)
    if operator == "not_null":
        return column.is_not(None)
    if operator in {"in", "nin"}:
        many = bindparam(next(names), type_=ARRAY(column.type))
        found = column == any_(many)
        return found if operator == "in" else found.is_not(true())
    return OPERATORS[operator](column, bindparam(next(names), type_=column.type))


OPERATORS: Final[
    dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]]
] = {
    "eq": lambda column, value: column == value,
    "neq": lambda column, value: (column == value).is_not(true()),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "contains": lambda column, value: column.ilike(
        like_pattern(value, before="%"), escape="\\"
    ),
    "starts_with": lambda column, value: column.ilike(
        like_pattern(value, before=""), escape="\\"
    ),
}
"""What a comparator's field means. Text is matched without regard to case."""


def like_pattern(value: ColumnElement[str], *, before: str) -> ColumnElement[str]:
    """Build a LIKE pattern in SQL from a bound text, with its wildcards escaped."""
    text = cast(value, Text)
    for special in ("\\", "%", "_"):
        text = func.replace(text, special, "\\" + special)
    return func.concat(before, text, "%")
