"""Where the metrics are to be had: on a listener of their own, or beside the graph."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from router.errors import ConfigurationError
from router.settings.model import Settings
from router.telemetry.listener import metrics_served
from router.telemetry.metrics import Metrics

Written = tuple[bytes, bytes]
"""Content type and body."""


class Figures:
    """The metrics, written when somebody asks."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings.telemetry.exporters.metrics.prometheus
        self._metrics = metrics
        self._write: Callable[[], bytes] | None = None
        here = self._settings.listen == settings.supergraph.listen
        self.path_here: str | None = None
        if self._settings.enabled and here:
            self.path_here = self._settings.path

    def written(self) -> Written:
        """Write them all."""
        # Loaded late: whoever fetches no metrics pays nothing for their library.
        from router.telemetry import exposition  # noqa: PLC0415 - see above

        if self._write is None:
            self._write = exposition.exposition_of(self._metrics)
        return exposition.CONTENT_TYPE, self._write()

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[None]:
        """Listen where the settings say, if that is elsewhere.

        Raises:
            ConfigurationError: the address cannot be had.

        """
        if not self._settings.enabled or self.path_here is not None:
            yield
            return
        host, _, port = self._settings.listen.rpartition(":")
        listener = metrics_served(
            host.strip("[]"), int(port), self._settings.path, self.written
        )
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(listener)
            except OSError as error:
                raise ConfigurationError(
                    "telemetry.exporters.metrics.prometheus.listen: "
                    f"{self._settings.listen} cannot be had: {error.strerror}"
                ) from error
            yield
