"""Several operations in one request: each has its own limits, errors and place.

Source: Apollo Client's BatchHttpLink: a list of requests, a list of answers.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from kit.guard import RefusedRequestError
from router.app.asgi import RawHeaders
from router.gateway.caching import NAME as CACHE_CONTROL
from router.gateway.caching import NO_STORE
from router.settings.http import Batching

Result = tuple[int, bytes, RawHeaders]

OK = 200
UNPROCESSABLE = 422


def read_batch(value: object, settings: Batching) -> list[Any]:
    """Take a list of requests; each is read later, on its own.

    Raises:
        RefusedRequestError: there are none, too many, or none are taken at all.

    """
    members = cast("list[Any]", value)
    if not settings.enabled:
        raise RefusedRequestError(
            400,
            "Batching is not enabled; send one request at a time.",
            "BATCHING_NOT_ENABLED",
        )
    if not members:
        raise RefusedRequestError(400, "The batch is empty.")
    if len(members) > settings.maximum_size:
        raise RefusedRequestError(
            UNPROCESSABLE,
            f"The batch has {len(members)} requests; at most {settings.maximum_size} "
            "are taken.",
            "BATCH_LIMIT_EXCEEDED",
        )
    return members


async def answer_all(
    members: list[Any], answer: Callable[[Any], Awaitable[Result]]
) -> Result:
    """Answer every member beside the others, and put the answers in their order.

    The status is that of the batch: what became of a member, its errors say.
    """
    results = await asyncio.gather(*[answer(member) for member in members])
    body = b"[%s]" % b",".join([each for _, each, _ in results])
    return OK, body, headers_of(results)


def headers_of(results: list[Result]) -> RawHeaders:
    """Pass on the headers of all answers; how long to keep them, only if all agree."""
    said = [pair for _, _, headers in results for pair in headers]
    kept = [pair for pair in said if pair[0] == CACHE_CONTROL]
    found = [pair for pair in said if pair[0] != CACHE_CONTROL]
    if kept:
        alike = len(kept) == len(results) and len(set(kept)) == 1
        found.append(kept[0] if alike else NO_STORE)
    return found
