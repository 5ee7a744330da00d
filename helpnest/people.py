"""``helpnest people import``: a CSV file → the public graph, page by page."""

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
import typer
from rich.console import Console
from rich.markup import escape

from helpnest.errors import CannotStartError
from helpnest.replay.client import (
    REQUEST_SECONDS,
    Credentials,
    PublicGraphClient,
    RefusedError,
    UnreachableError,
    graphql_url,
    posting,
)

PAGE: Final = 100
"""Rows in one request: well within its size and its time."""

SHOWN: Final = 50
IMPORT: Final = """
mutation PeopleImport($in: ImportPeopleInput!) {
  importPeople(input: $in) {
    rows { row email outcome problems { column code message } }
    userErrors { message }
  }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is to be brought in, where to, and whether it is only tried."""

    file: Path
    url: str
    credentials: Credentials
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header, and its rows by their numbers."""

    header: list[str]
    rows: dict[int, list[str]]

    def column(self, name: str) -> int | None:
        """Say where a column is."""
        for place, cell in enumerate(self.header):
            if "".join(cell.split()).lower() == name:
                return place
        return None


@dataclass(slots=True)
class Report:
    """What became of all rows."""

    outcomes: dict[str, int] = field(default_factory=dict[str, int])
    problems: list[str] = field(default_factory=list[str])
    added: set[str] = field(default_factory=set[str])

    def take(self, row: dict[str, Any], number: int) -> None:
        """Take in what became of one row."""
        outcome = str(row["outcome"])
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        if outcome == "CREATED":
            self.added.add(str(row["email"]))
        for each in row["problems"]:
            where = f", {each['column']}" if each["column"] else ""
            self.problems.append(f"Row {number}{where}: {each['message']}")

    @property
    def failed(self) -> int:
        """How many rows failed."""
        return self.outcomes.get("FAILED", 0)


def read_sheet(file: Path) -> Sheet:
    """Read a file whose first row names the columns.

    Raises:
        CannotStartError: it is not there, is not UTF-8, or is no CSV.

    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CannotStartError(f"{file} cannot be read: {error.strerror}.") from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CannotStartError(f"{file} is UTF-16; save it as CSV in UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CannotStartError(
            f"{file} is not UTF-8, from line {line} on; save it as CSV in UTF-8."
        ) from error
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        raise CannotStartError(
            f"{file} is no CSV, near line {reader.line_num}: {error}."
        ) from error
    if not records:
        raise CannotStartError(f"{file} is empty.")
    rows = {
        number: record
        for number, record in enumerate(records[1:], 2)
        if any(cell.strip() for cell in record)
    }
    return Sheet(records[0], rows)


def managers_first(sheet: Sheet) -> list[int]:
    """Order rows so that a manager whom the file adds comes before their people.

    Rows of one circle keep together, for the graph to refuse.

    >>> sheet = Sheet(["email", "manager"], {2: ["a@x", "b@x"], 3: ["b@x", ""]})
    >>> managers_first(sheet)
    [3, 2]
    """
    emails, bosses = sheet.column("email"), sheet.column("manager")
    if emails is None or bosses is None:
        return list(sheet.rows)
    by_email: dict[str, int] = {}
    for number, record in sheet.rows.items():
        by_email.setdefault(cell(record, emails), number)
    order: dict[int, None] = {}
    for first in sheet.rows:
        chain: dict[int, None] = {}
        number: int | None = first
        while number is not None and number not in chain and number not in order:
            chain[number] = None
            number = by_email.get(cell(sheet.rows[number], bosses))
        order.update(dict.fromkeys(reversed(chain)))
    return list(order)


def cell(record: Sequence[str], place: int) -> str:
    """Read a cell as addresses are compared."""
    return record[place].strip().lower() if place < len(record) else ""


def pages(sheet: Sheet) -> Iterator[list[int]]:
    """Part the rows into requests."""
    order = managers_first(sheet)
    for start in range(0, len(order), PAGE):
        yield order[start : start + PAGE]


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a page as a file of its own."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


async def bring_in(client: PublicGraphClient, sheet: Sheet, *, dry_run: bool) -> Report:
    """Send the file, page after page, and gather what became of each row.

    Raises:
        RefusedError: the graph takes none of it.
        UnreachableError: it does not answer.

    """
    report = Report()
    seen: dict[str, int] = {}
    emails, bosses = sheet.column("email"), sheet.column("manager")
    for numbers in pages(sheet):
        fresh: list[int] = []
        for number in numbers:
            email = cell(sheet.rows[number], emails) if emails is not None else ""
            if email and email in seen:
                twin = {"column": "email", "message": TWIN.format(seen[email])}
                report.take({"outcome": "FAILED", "problems": [twin]}, number)
                continue
            seen[email] = number
            fresh.append(number)
        records = [sheet.rows[number] for number in fresh]
        named = {cell(each, bosses) for each in records} if bosses is not None else ()
        given = {
            "csv": written(sheet.header, records),
            "dryRun": dry_run,
            "elsewhere": sorted(report.added.intersection(named)) if dry_run else None,
        }
        data = (await client.send(IMPORT, {"in": given}))["importPeople"]
        if data["userErrors"]:
            raise RefusedError(str(data["userErrors"][0]["message"]))
        for row in data["rows"]:
            report.take(row, fresh[row["row"] - 2])
    return report


TWIN: Final = "Row {} is of the same person."


def import_file(console: Console, options: Options) -> None:
    """Bring people in and print what became of the rows; exit with 1 if any failed.

    Raises:
        CannotStartError: the file cannot be read, or the graph takes none of it.

    """
    sheet = read_sheet(options.file)
    try:
        report = asyncio.run(_over_http(options, sheet))
    except (RefusedError, UnreachableError) as error:
        raise CannotStartError(
            f"{error}. What was written is kept; the same import, run again, goes on "
            "from there."
        ) from error
    show(console, report, dry_run=options.dry_run)
    if report.failed:
        raise typer.Exit(1)


async def _over_http(options: Options, sheet: Sheet) -> Report:
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        url = graphql_url(options.url)
        client = PublicGraphClient(posting(session), url, options.credentials)
        return await bring_in(client, sheet, dry_run=options.dry_run)


def show(console: Console, report: Report, *, dry_run: bool) -> None:
    """Print the report for a person."""
    count = report.outcomes.get
    would = " (nothing was written)" if dry_run else ""
    console.print(
        f"{count('CREATED', 0):,} added, {count('UPDATED', 0):,} changed, "
        f"{count('UNCHANGED', 0):,} as they were, {report.failed:,} failed{would}"
    )
    for problem in report.problems[:SHOWN]:
        console.print(f"  [yellow]{escape(problem)}[/]")
    hidden = len(report.problems) - SHOWN
    if hidden > 0:
        console.print(f"  and {hidden:,} more")
