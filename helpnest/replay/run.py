"""The command: a file → the graph, with a progress bar and a summary."""

import asyncio
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import aiohttp
import typer
import uvloop
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from helpnest.errors import CannotStartError
from helpnest.replay import servicenow, xes
from helpnest.replay.client import (
    REQUEST_SECONDS,
    Credentials,
    Post,
    PublicGraphClient,
    RefusedError,
    UnreachableError,
    graphql_url,
    posting,
)
from helpnest.replay.feed import Feeder
from helpnest.replay.story import Case, DirtyValueError
from helpnest.replay.summary import Summary

Format = Literal["servicenow", "xes"]
SHOWN_REASONS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is to be fed, where, and how."""

    file: Path
    format: Format
    url: str
    credentials: Credentials
    limit: int | None = None
    concurrency: int = 8


def read_cases(options: Options) -> Iterator[Case]:
    """Read the cases of a log in its format."""
    reader = servicenow if options.format == "servicenow" else xes
    return reader.cases(options.file, options.limit)


def source_of(options: Options) -> str:
    """Name the system that a log comes from; keys and addresses begin with it."""
    return servicenow.SOURCE if options.format == "servicenow" else xes.SOURCE


def count_events(options: Options) -> int | None:
    """Count the events that will be read, for the progress bar."""
    count = (
        servicenow.count_events if options.format == "servicenow" else xes.count_events
    )
    found = count(options.file)
    return found if options.limit is None else min(found, options.limit)


async def replay(options: Options, post: Post, progress: Progress) -> Summary:
    """Feed a log to the graph.

    Raises:
        RefusedError: the graph gives no token.
        UnreachableError: it does not answer.
        DirtyValueError: the file is no log of this format.

    """
    client = PublicGraphClient(post, graphql_url(options.url), options.credentials)
    bar = progress.add_task("Events", total=count_events(options))
    summary = Summary()
    feeder = Feeder(
        client,
        source_of(options),
        summary,
        lambda count: progress.advance(bar, count),
    )
    with first_of_group():
        await feeder.feed(read_cases(options), options.concurrency)
    summary.end()
    return summary


@contextmanager
def first_of_group() -> Generator[None]:
    """Raise the first of what went wrong in several tasks together.

    What else goes wrong with it is a fault of ours, and is raised whole.
    """
    try:
        yield
    except ExceptionGroup as group:
        told, ours = group.split((RefusedError, UnreachableError, DirtyValueError))
        if told is None or ours is not None:
            raise
        first: Exception = told
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]
        raise first from None


def replay_file(console: Console, options: Options, *, as_json: bool) -> None:
    """Feed a log and print what came of it.

    Exits with 1 where the graph refused an event. What the log itself left without
    meaning (a state of -100) is listed, and no failure.

    Raises:
        CannotStartError: the file cannot be read as such a log, or the graph cannot
            be reached or gives no token.

    """
    if not options.file.is_file():
        raise CannotStartError(f"There is no file {options.file}.")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            summary = runner.run(_over_http(console, options))
    except (RefusedError, UnreachableError) as error:
        raise CannotStartError(
            f"{error}. What was acknowledged is kept; the same replay, run again, "
            "goes on from there."
        ) from error
    except DirtyValueError as error:
        raise CannotStartError(
            f"{options.file} is no log of the format {options.format}: {error}."
        ) from error
    if as_json:
        typer.echo(json.dumps(summary.as_json(), indent=2))
    else:
        show(console, summary)
    if not summary.complete:
        raise typer.Exit(1)


async def _over_http(console: Console, options: Options) -> Summary:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    limits = aiohttp.TCPConnector(limit=options.concurrency)
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(connector=limits, timeout=timeout) as session:
        with Progress(*columns, console=console, transient=True) as progress:
            return await replay(options, posting(session), progress)


def show(console: Console, summary: Summary) -> None:
    """Print the summary for a person."""
    console.print(
        f"[bold]{summary.read:,}[/] events of {summary.cases:,} cases in "
        f"{summary.seconds:.1f} s: {summary.per_second:.0f} per second"
    )
    console.print(
        f"  {summary.applied:,} applied, {summary.unchanged:,} with nothing to keep, "
        f"{summary.skipped:,} in the graph already, {len(summary.rejected):,} rejected"
    )
    for reason, count in list(summary.reasons.items())[:SHOWN_REASONS]:
        console.print(f"  [yellow]{count:,}[/] x {escape(reason)}")
    hidden = len(summary.reasons) - SHOWN_REASONS
    if hidden > 0:
        console.print(f"  and {hidden} more reasons; --json lists them")
    console.print("Titles are invented and say so: the log has none.", style="dim")
