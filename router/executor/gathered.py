"""For whom a plan is run, and what comes of it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from router.errors import Problem
from router.executor.transport.interface import Headers

Json = dict[str, Any]


@dataclass(slots=True)
class Caller:
    """For whom subgraphs are asked, and which headers go along.

    ``who`` keeps callers apart in de-duplication. ``forwarded`` gives the headers
    for a subgraph that are part of the question; ``own`` are those that are not,
    such as the request id.
    """

    who: Hashable = None
    forwarded: Callable[[str], Headers] = lambda _: ()
    own: Headers = ()


@dataclass(frozen=True, slots=True)
class FetchTrace:
    """What one fetch took: seconds since the start, bytes, objects asked about."""

    id: int
    service: str
    started: float
    seconds: float
    sent: int
    received: int
    entities: int
    shared: bool


Answered = tuple[str, Headers]
"""Who answered, and the headers of that."""


@dataclass(slots=True, init=False)
class Gathered:
    """What a plan brought together, and what went wrong, in the order it did."""

    data: Json
    problems: list[Problem]
    trace: list[FetchTrace] | None
    answers: list[Answered]

    def __init__(self, data: Json | None = None, *, trace: bool = False) -> None:
        self.data = {} if data is None else data
        self.problems = []
        self.trace = [] if trace else None
        self.answers = []
