"""``python -m bench.subgraph.documents``: what a new document costs, and a thousand.

CPU of the first request with a document of about 30 fields (parsed, weighed,
validated, compiled, executed), and the memory of 1,000 such operations in the
tickets subgraph's own engine.
"""

import asyncio
import gc
import statistics
import time
import tracemalloc

from jit import counters
from kit.engine import Prepared, engine_for
from subgraphs.tickets.schema import schema

FIELDS = (
    "id number title type channel impact urgency priority priorityOverridden tags"
    " openedAt createdAt updatedAt resolvedAt closedAt version"
)
OPERATIONS = 1000


def document(number: int) -> str:
    """Write a document that no other is like: 30 fields, fragments, variables."""
    return (
        f"query Q{number}($id: ID!, $brief: Boolean!) {{"
        f" one{number}: ticket(id: $id) {{ ...Whole @skip(if: $brief)"
        " status { id key name } requester { id } assignee { id __typename }"
        f' }} ticket(number: "INC{number}") {{ ...Whole reopenCount }} }}'
        f" fragment Whole on Ticket {{ {FIELDS} }}"
    )


def first_requests() -> list[float]:
    """Measure documents that the engine has not seen, in milliseconds of CPU."""
    engine = engine_for(schema, "compiled")
    found: list[float] = []
    for number in range(60):
        text = document(number)
        began = time.process_time()
        prepared = engine.prepare(text, None)
        if not isinstance(prepared, Prepared):
            raise TypeError(f"refused: {prepared}")
        asyncio.run(run_once(prepared))
        found.append((time.process_time() - began) * 1000)
    return found


async def run_once(prepared: Prepared) -> None:
    """Execute without a database: its fields fail, the function is made."""
    result = prepared.execute(None, None, {"id": "x", "brief": False})  # pyright: ignore[reportArgumentType] - there is nothing to be found
    if not hasattr(result, "errors"):
        await result  # pyright: ignore[reportGeneralTypeIssues] - it is awaitable then


def memory() -> float:
    """Measure a full cache, in megabytes."""
    engine = engine_for(schema, "compiled")
    engine.prepare(document(0), None)
    gc.collect()
    tracemalloc.start()
    for number in range(1, OPERATIONS + 1):
        prepared = engine.prepare(document(number), None)
        if isinstance(prepared, Prepared):
            asyncio.run(run_once(prepared))
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / 1e6


def main() -> None:
    """Print both."""
    times = first_requests()
    print(
        f"first request: median {statistics.median(times):.1f} ms of CPU,"
        f" least {min(times):.1f}, most {max(times):.1f}"
    )
    compiled = counters.compiled
    print(f"{OPERATIONS} operations: {memory():.1f} MB", end="")
    print(f" ({counters.compiled - compiled} functions compiled)")


if __name__ == "__main__":
    main()
