"""A CSV file of people → its rows, each a text by its column."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from subgraphs.users.errors import UsersErrorCode as Code
from subgraphs.users.service.words import refuse

COLUMNS: Final = (
    "email",
    "name",
    "department",
    "manager",
    "roles",
    "locale",
    "timeZone",
    "active",
)
MOST_ROWS: Final = 500
"""In one request: so many are written well within a request's time."""

DELIMITERS: Final = ",;\t"
LONGEST_CELL: Final = 2_000
LONGEST_SHOWN: Final = 254

_NAMES: Final = {name.lower(): name for name in COLUMNS}


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its number as a spreadsheet shows it: the header is row 1.

    ``broken`` says what is wrong with the row as a whole.
    """

    row: int
    cells: dict[str, str]
    broken: str | None = None

    @property
    def email(self) -> str:
        """Whose row it is, as far as it can be read; empty where it names nobody."""
        said = self.cells.get("email", "")
        return said.lower() if self.broken is None else said[:LONGEST_SHOWN]


def read_people(text: str) -> list[Line]:
    """Read the rows of a file, whose first one names its columns.

    Cells are texts and nothing else: one that a spreadsheet would run stays as it is.

    Raises:
        RejectedError: REQUIRED where there is no header or no e-mail column, INVALID
            for a column that is not known or is there twice, TOO_LONG for too many.

    """
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    records = _records(text, delimiter)
    header = next(records, None)
    if header is None or not any(cell.strip() for cell in header):
        raise refuse(Code.REQUIRED, "The first row names the columns.", "csv")
    names = _columns(header)
    lines: list[Line] = []
    for number, record in enumerate(records, 2):
        if not any(cell.strip() for cell in record):
            continue
        if len(lines) == MOST_ROWS:
            raise refuse(
                Code.TOO_LONG, f"At most {MOST_ROWS} rows go into one request.", "csv"
            )
        lines.append(_line(number, names, record))
    return lines


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise refuse(
            Code.INVALID, f"This is no CSV, near line {reader.line_num}.", "csv"
        ) from error


def _columns(header: list[str]) -> list[str]:
    names: list[str] = []
    for cell in header:
        said = "".join(cell.split()).replace("_", "").replace("-", "").lower()
        if said not in _NAMES:
            known = ", ".join(COLUMNS)
            raise refuse(
                Code.INVALID,
                f"There is no column {cell.strip()[:40]!r}; there are {known}.",
                "csv",
            )
        names.append(_NAMES[said])
    if len(set(names)) != len(names):
        raise refuse(Code.INVALID, "A column is there twice.", "csv")
    if "email" not in names:
        raise refuse(Code.REQUIRED, "The column 'email' is missing.", "csv")
    return names


def _line(number: int, names: list[str], record: list[str]) -> Line:
    cells = {name: cell.strip() for name, cell in zip(names, record, strict=False)}
    if len(record) != len(names):
        return Line(
            number, cells, f"It has {len(record)} cells, the header {len(names)}."
        )
    if any(len(cell) > LONGEST_CELL for cell in record):
        return Line(number, {}, f"A cell has more than {LONGEST_CELL} characters.")
    if any("\ufffd" in cell for cell in record):
        return Line(number, cells, "It was not read as UTF-8: a letter is lost.")
    return Line(number, cells)
