"""Execute a mutation's root fields one after the other."""

from collections.abc import Awaitable
from typing import Any

from jit.field import ExecuteFields
from jit.run import Run


def execute_serially(
    steps: list[ExecuteFields], run: Run, source: Any
) -> dict[str, Any] | Awaitable[dict[str, Any]]:
    """Execute root fields one after the other, waiting for each to finish."""
    data: dict[str, Any] = {}
    for index, step in enumerate(steps):
        part = step(run, source, None)
        if not isinstance(part, dict):
            return _go_on_serially(data, part, steps[index + 1 :], run, source)
        data |= part
    return data


async def _go_on_serially(
    data: dict[str, Any],
    part: Awaitable[dict[str, Any]],
    steps: list[ExecuteFields],
    run: Run,
    source: Any,
) -> dict[str, Any]:
    data |= await part
    for step in steps:
        part = step(run, source, None)
        data |= part if isinstance(part, dict) else await part
    return data
