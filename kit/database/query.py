"""A read: a SQLAlchemy Core statement → SQL text and the order of its arguments."""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property

from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.compiler import SQLCompiler


class Query:
    """One read, written as a Core statement and compiled to SQL the first time.

    Values go in by the names of the statement's ``bindparam``s, as PostgreSQL knows
    them (an enum by its stored text, a JSON column as the value itself). Make
    queries once, at import or in a cache keyed by shape, never per request.

    ``by_values`` has PostgreSQL plan it for the values of each run: it is for lists
    and counts, whose best index depends on what is looked for. What is found by its
    key is planned once, as PostgreSQL does by itself: that saves a few tenths of a
    millisecond.

    >>> from sqlalchemy import Text, bindparam, column, select, table
    >>> by_id = Query(
    ...     select(column("n")).select_from(table("t"))
    ...     .where(column("id") == bindparam("id", type_=Text()))
    ... )
    >>> by_id.sql.split()
    ['SELECT', 'n', 'FROM', 't', 'WHERE', 'id', '=', '$1::VARCHAR']
    >>> by_id.arguments({"id": "usr_1"})
    ['usr_1']
    """

    def __init__(self, statement: Executable, *, by_values: bool = False) -> None:
        self.statement = statement
        self.by_values = by_values

    @cached_property
    def _compiled(self) -> SQLCompiler:
        # SQLAlchemy's own name for the style that asyncpg wants: $1, $2.
        dialect = asyncpg_dialect(paramstyle="numeric_dollar")
        compiled = self.statement.compile(  # pyright: ignore[reportAttributeAccessIssue] - Executable is typed too narrowly
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        if not isinstance(compiled, SQLCompiler) or isinstance(
            self.statement, ExecutableDDLElement
        ):
            raise TypeError("A Query takes a statement that reads rows.")
        return compiled

    @cached_property
    def sql(self) -> str:
        """The text that PostgreSQL gets."""
        return str(self._compiled)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._compiled.positiontup or ())

    @cached_property
    def _fixed(self) -> dict[str, object]:
        """What the statement itself says: its literals, enums as they are stored."""
        return {
            name: value.name if isinstance(value, Enum) else value
            for name, value in self._compiled.params.items()
            if value is not None
        }

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """Put the values into the order of ``$1, $2, …``.

        Raises:
            KeyError: the statement has a parameter that was given no value.

        """
        fixed = self._fixed
        return [values[n] if n in values else fixed[n] for n in self._names]
