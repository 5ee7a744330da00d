"""What serves now, what comes after it, and what is on its way out."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import structlog

from kit.tokens import TokenVerifier
from router.app.serving import FIRST_KEYS_SECONDS, Issuers, Serving, open_serving
from router.app.streams import CONFIG_RELOAD, SCHEMA_RELOAD
from router.app.turns import pacing, taking_turns
from router.gateway.subgraphs import Targets
from router.gateway.warm import Use, uses_of, warm
from router.hooks.load import load_hooks
from router.settings.model import Settings
from router.telemetry.observer import Observer

log = structlog.get_logger(__name__)

QUIET_SECONDS = 3_600.0
"""How long the collector waits for an instant in which nobody is served."""

MOST_GONE = 20
"""So many pipelines that served wait for the collector; with one more it comes."""

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
            loop = asyncio.get_running_loop()
            new = await asyncio.to_thread(
                self._build, settings, sdl, issuers, uses, loop
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
        uses: list[Use],
        loop: asyncio.AbstractEventLoop,
    ) -> Serving:
        with taking_turns(keep=self._settle is not None), pacing(loop):
            hooks = load_hooks(settings.hooks.module, fresh=True)
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
        del old
        self._gone += 1
        if self._settle is not None and not self._settling:
            self._settling = True
            try:
                await self._quiet()
                self._gone = 0
                self._settle()
            finally:
                self._settling = False

    async def _quiet(self) -> None:
        """Wait until nobody has asked for a while, but not for ever.

        What is gone is one pipeline's memory, and to look for it stops everybody for
        a good part of a second.
        """
        until = monotonic() + QUIET_SECONDS
        answered, counted = self._observer.metrics.duration, -1
        while monotonic() < until and self._gone <= MOST_GONE:
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
