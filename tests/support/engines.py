"""An engine asked, and its answers read."""

from collections.abc import Callable
from typing import Any

import orjson

from kit.engine import (
    Answer,
    Engine,
)
from kit.graphql import Context

EXECUTIONS = ("compiled", "standard")


Ask = Callable[..., Any]


async def answer(
    engine: Engine, context: Context, text: str, name: str | None = None, **given: Any
) -> Answer:
    return await engine.prepare(text, name).run(context, given)


def body(found: Answer) -> Any:
    return orjson.loads(found.body)


def codes(found: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in body(found)["errors"]]
