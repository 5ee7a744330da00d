"""What serves now, what comes after it, and what is on its way out."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from kit.tokens import TokenVerifier
from router.app.serving import FIRST_KEYS_SECONDS, Issuers, Serving, open_serving
from router.app.streams import CONFIG_RELOAD, SCHEMA_RELOAD
from router.app.turns import in_slices
from router.gateway.subgraphs import Targets
from router.gateway.warm import Use, uses_of, warm
from router.hooks.load import Hooks, load_hooks
from router.settings.model import Settings
from router.telemetry.observer import Observer

log = structlog.get_logger(__name__)

FEW_GONE, MOST_GONE = 20, 500
"""Pipelines that served, after which the collector looks for what they left, a
megabyte or two each: in a quiet instant after the few, at any after the most."""

QUIET_LOOK = 0.5
"""Seconds without any request that count as quiet."""


class Succession:
    """Let one pipeline serve after the other; none is closed while it is in use."""

    def __init__(
        self,
        serving: Serving,
        observer: Observer,
        transports: Targets | None = None,
        verifier: TokenVerifier | None = None,
        settle: Callable[[], None] | None = None,
    ) -> None:
        self.serving = serving
        self._observer = observer
        self._transports = transports
        self._verifier = verifier
        self._settle = settle
        self._settling = False
        self._gone = 0
        self._leaving: set[asyncio.Task[None]] = set()
        self._begin(serving)

    async def change(self, settings: Settings, sdl: str) -> None:
        """Build from these, warm it, and let it serve.

        Raises:
            RouterError: they cannot be used; what served goes on.

        """
        old = self.serving
        issuers = old.issuers
        if settings.authentication != old.settings.authentication:
            issuers = Issuers(settings, self._verifier)
            await issuers.open(patience=FIRST_KEYS_SECONDS)
        try:
            most = settings.supergraph.query_planning.warmed_up_queries
            uses = uses_of(old.gateway, most)
            hooks = await hooks_anew(settings)
            new = await in_slices(
                lambda: self._build(settings, sdl, issuers, hooks, uses)
            )
        except BaseException:
            if issuers is not old.issuers:
                await issuers.close()
            raise
        new.gateway.admission.inherit(old.gateway.admission)
        new.gateway.lookup.inherit(old.gateway.lookup)
        tell_what_stays(old.settings, settings)
        self._begin(new)
        old.current = False
        same = new.sdl == old.sdl
        old.endpoint.streams.end(CONFIG_RELOAD if same else SCHEMA_RELOAD)
        self._leaving.add(leaving := asyncio.create_task(self._retire(old)))
        leaving.add_done_callback(self._leaving.discard)

    def _build(
        self,
        settings: Settings,
        sdl: str,
        issuers: Issuers,
        hooks: Hooks | None,
        uses: list[Use],
    ) -> Serving:
        serving = open_serving(
            settings,
            sdl,
            issuers,
            self._observer,
            hooks,
            transports=self._transports,
        )
        warm(serving.gateway, uses)
        return serving

    def _begin(self, serving: Serving) -> None:
        self.serving = serving
        self._observer.metrics.cache_sizes = {
            "documents": lambda: len(serving.gateway.documents),
            "plans": lambda: len(serving.gateway.operations),
        }

    async def _retire(self, old: Serving) -> None:
        try:
            await old.drained()
        finally:
            await old.gateway.close()
            if old.issuers is not self.serving.issuers:
                await old.issuers.close()
        await in_slices(old.take_apart)
        del old
        self._gone += 1
        if self._settle is None or self._settling or self._gone < FEW_GONE:
            return
        self._settling = True
        try:
            await self._quiet()
            self._gone = 0
            self._settle()
        finally:
            self._settling = False

    async def _quiet(self) -> None:
        """Wait until nobody has asked for a while, but not for ever.

        To look through all that there is stops everybody for a tenth of a second.
        """
        answered, counted = self._observer.metrics.duration, -1
        while self._gone < MOST_GONE:
            before, counted = counted, answered.count
            if before == counted and not self.serving.under_way:
                return
            await asyncio.sleep(QUIET_LOOK)

    async def close(self) -> None:
        """Close what serves, and what was still leaving."""
        for leaving in list(self._leaving):
            leaving.cancel()
            with suppress(asyncio.CancelledError):
                await leaving
        await self.serving.gateway.close()
        await self.serving.issuers.close()


async def hooks_anew(settings: Settings) -> Hooks | None:
    """Import the hooks' module, in a thread: whose code it is, nobody knows.

    Raises:
        ConfigurationError: there is none, or not such a one.

    """
    if settings.hooks.module is None:
        return None
    return await asyncio.to_thread(load_hooks, settings.hooks.module, fresh=True)


def tell_what_stays(old: Settings, new: Settings) -> None:
    """Say in the log which changes wait for the next start."""
    kept = {
        "supergraph.listen": (old.supergraph.listen, new.supergraph.listen),
        "telemetry": (old.telemetry, new.telemetry),
        "helpnest.access_log": (old.helpnest.access_log, new.helpnest.access_log),
    }
    for key, (before, after) in kept.items():
        if before != after:
            log.warning("reload.needs_restart", key=key)
