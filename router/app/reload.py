"""New files → a new pipeline in the place of the old one, and no request notices."""

import asyncio
import hashlib
import signal
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from router.app.turns import in_slices
from router.errors import RouterError
from router.settings.load import SettingsError, load_settings
from router.settings.model import Settings
from router.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the files: a look is two calls of the system."""


@dataclass(frozen=True, slots=True)
class Source:
    """The files that the router serves, and what fills in their variables."""

    supergraph: Path
    config: Path | None = None
    env: Mapping[str, str] | None = None

    def read(self) -> tuple[Settings, str]:
        """Read both.

        Raises:
            SettingsError: router.yaml cannot be used.
            OSError: the supergraph cannot be read.

        """
        settings = load_settings(self.config, self.env)
        return settings, self.supergraph.read_text(encoding="utf-8")

    def mark(self, others: Iterable[str] = ()) -> bytes:
        """Say what the files hold, shortly; a file that is missing holds nothing.

        ``others`` are those that the settings name.
        """
        return mark_of((self.supergraph, self.config, *map(Path, others)))

    def stamp(self, others: Iterable[str] = ()) -> tuple[object, ...]:
        """Say when the files were written, as far as the file system knows."""
        stamps: list[object] = []
        for path in (self.supergraph, self.config, *map(Path, others)):
            try:
                known = None if path is None else path.stat()
            except OSError:
                known = None
            stamps.append(known and (known.st_mtime_ns, known.st_size, known.st_ino))
        return tuple(stamps)


def mark_of(paths: Iterable[Path | None]) -> bytes:
    """Say what files hold, shortly; a file that is missing holds nothing."""
    found = hashlib.blake2b(digest_size=16)
    for path in paths:
        with suppress(OSError):
            found.update(b"" if path is None else path.read_bytes())
        found.update(b"\0")
    return found.digest()


class Reloader:
    """Take changes, one after the other.

    ``change`` builds from new settings and a new supergraph, and lets that serve;
    what it raises refuses them, and the old goes on. ``serving`` is what serves now.
    """

    def __init__(
        self,
        source: Source,
        change: Callable[[Settings, str], Awaitable[None]],
        metrics: Metrics,
        serving: tuple[Settings, str],
    ) -> None:
        self.source = source
        self.refused: str | None = None
        self._change = change
        self._metrics = metrics
        self._one = asyncio.Lock()
        self._others = serving[0].persisted_queries.local_manifests
        self._serving = (*serving, mark_of(map(Path, self._others)))
        self._note()

    def _note(self) -> None:
        """Note what the files hold now: before they are read, or it may be missed."""
        self._stamp = self.source.stamp(self._others)
        self._mark = self.source.mark(self._others)

    async def reload(self, *, always: bool = True) -> bool:
        """Read the files and serve what they say; False where that is refused.

        Unless it is to be done ``always``, files that say what is served (a comment
        more, a mistake taken back) leave it alone, and its streams open.
        """
        async with self._one:
            self._note()
            try:
                settings, sdl = await in_slices(self.source.read)
                named = settings.persisted_queries.local_manifests
                if named != self._others:
                    self._others = named
                    self._note()
                said = settings, sdl, mark_of(map(Path, named))
                if always or said != self._serving:
                    await self._change(settings, sdl)
                    self._serving = said
                    self._metrics.reloads.add(("taken",))
                    log.info("reload.taken")
                else:
                    log.info("reload.unchanged")
            except (SettingsError, RouterError, OSError, ValueError) as error:
                log.error("reload.refused", reason=str(error))  # noqa: TRY400 - said whole
                return self._refuse(str(error))
            except Exception as error:
                log.exception("reload.refused")
                return self._refuse(f"{type(error).__name__}: {error}")
            self.refused = None
            return True

    def _refuse(self, reason: str) -> bool:
        self.refused = reason
        self._metrics.reloads.add(("refused",))
        return False

    async def look(self) -> None:
        """Reload if the files hold something else than they did."""
        stamp = self.source.stamp(self._others)
        if stamp == self._stamp:
            return
        mark = await asyncio.to_thread(self.source.mark, self._others)
        # Written a moment ago: whoever writes may not have ended.
        await asyncio.sleep(LOOK_EVERY / 10)
        if await asyncio.to_thread(self.source.mark, self._others) != mark:
            return
        self._stamp = stamp
        if mark != self._mark:
            await self.reload(always=False)

    @asynccontextmanager
    async def watching(self, every: float = LOOK_EVERY) -> AsyncGenerator[None]:
        """Look again and again, for as long as this lasts; at once after SIGHUP."""

        async def watch() -> None:
            while True:
                await asyncio.sleep(every)
                await self.look()

        asked: set[asyncio.Task[bool]] = set()

        def hang_up() -> None:
            asked.add(task := asyncio.ensure_future(self.reload()))
            task.add_done_callback(asked.discard)

        loop = asyncio.get_running_loop()
        # Windows has no such signal, and only the main thread may listen to one.
        with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop.add_signal_handler(signal.SIGHUP, hang_up)
        watcher = asyncio.create_task(watch())
        try:
            yield
        finally:
            with suppress(
                NotImplementedError, RuntimeError, ValueError, AttributeError
            ):
                loop.remove_signal_handler(signal.SIGHUP)
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
