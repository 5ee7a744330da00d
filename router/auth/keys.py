"""Issuers' keys and revocations, fetched in the background while the router runs."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from kit.key_set import KeySet
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
    entries: list[tuple[Jwks, TokenVerifier]],
) -> AsyncGenerator[None]:
    """Keep every key set fresh; an issuer that is down keeps its last keys."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        tasks = [
            asyncio.create_task(work)
            for entry, verifier in entries
            for work in watch(entry, verifier, client)
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def watch(
    entry: Jwks, verifier: TokenVerifier, client: httpx.AsyncClient
) -> Sequence[Coroutine[Any, Any, None]]:
    """Give the coroutines that look after one entry for ever.

    Raises:
        ConfigurationError: its keys are in a file that cannot be used.

    """
    poller = KeyPoller(verifier, client, entry.url, entry.revocations_url or "")
    if entry.url.startswith("file:"):
        read_keys(entry, verifier.keys)

        async def fetch_keys() -> None:
            read_keys(entry, verifier.keys)
    else:
        headers = {each.name: each.value for each in entry.headers}

        async def fetch_keys() -> None:
            answer = await client.get(entry.url, headers=headers)
            verifier.keys.replace(answer.raise_for_status().json())

    found = [repeat(fetch_keys, entry.poll_interval, entry.url)]
    if entry.revocations_url:
        feed = entry.revocations_url
        found.append(repeat(poller.fetch_revocations, REVOCATIONS_EVERY, feed))
    return found


async def repeat(
    look: Callable[[], Awaitable[None]], every: float, url: str = ""
) -> None:
    """Look again and again; soon at first, until there is a first answer."""
    wait = FIRST_WAIT
    while True:
        try:
            await look()
            wait = every
        except (httpx.HTTPError, ConfigurationError, ValueError) as error:
            reason = str(error) or type(error).__name__
            log.warning("issuer.unreachable", url=url, reason=reason)
            wait = min(wait * 2, every)
        except Exception:
            log.exception("issuer.unexpected", url=url)  # and go on: the keys must come
            wait = every
        await asyncio.sleep(wait)


def read_keys(entry: Jwks, keys: KeySet) -> None:
    """Take the keys of a file.

    Raises:
        ConfigurationError: it cannot be read, or holds no usable key.

    """
    parts = urlsplit(entry.url)
    path = Path(f"{parts.netloc}{parts.path}")
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
        keys.replace(document)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"the keys in {entry.url}: {error}") from error
