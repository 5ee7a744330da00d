"""Issuers' keys and revocations, fetched in the background while the router runs."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from kit.keys import REVOCATIONS_EVERY, KeyPoller
from kit.tokens import TokenVerifier
from router.errors import ConfigurationError
from router.settings.identity import Jwks

log = structlog.get_logger(__name__)

FIRST_WAIT = 0.25
"""Seconds before asking again an issuer that has never answered."""

PATIENCE = 5.0


@asynccontextmanager
async def keys_kept(
    entries: list[tuple[Jwks, list[TokenVerifier]]],
) -> AsyncGenerator[None]:
    """Keep every key set fresh; an issuer that is down keeps its last keys."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        tasks = [
            asyncio.create_task(work)
            for entry, verifiers in entries
            for work in watch(entry, verifiers, client)
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def watch(entry: Jwks, verifiers: list[TokenVerifier], client: httpx.AsyncClient):  # noqa: ANN201 - coroutines, of no interest to the caller
    """Give the coroutines that look after one entry for ever."""
    if entry.url.startswith("file:"):
        read_keys(entry, verifiers)
        return
    pollers = [
        KeyPoller(each, client, entry.url, entry.revocations_url or "")
        for each in verifiers
    ]
    yield repeat(pollers[0].fetch_keys, entry.poll_interval)  # they share one KeySet
    if entry.revocations_url:
        for poller in pollers:
            yield repeat(poller.fetch_revocations, REVOCATIONS_EVERY)


async def repeat(look: Callable[[], Awaitable[None]], every: float) -> None:
    """Look again and again; soon at first, until there is a first answer."""
    wait = FIRST_WAIT
    while True:
        try:
            await look()
            wait = every
        except (httpx.HTTPError, ValueError) as error:
            log.warning("issuer.unreachable", reason=str(error) or type(error).__name__)
            wait = min(wait * 2, every)
        await asyncio.sleep(wait)


def read_keys(entry: Jwks, verifiers: list[TokenVerifier]) -> None:
    """Take the keys of a file.

    Raises:
        ConfigurationError: it cannot be read, or holds no usable key.

    """
    parts = urlsplit(entry.url)
    path = Path(f"{parts.netloc}{parts.path}")
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
        verifiers[0].keys.replace(document)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"the keys in {entry.url}: {error}") from error
