"""A subgraph that mostly fails is left alone, and looked after now and then.

While nothing fails nothing is counted. The first failure opens a window; if in it
enough requests were sent and the given share of them failed, the circuit is open:
who asks learns at once that the subgraph is down, instead of waiting for it. Every so
often one request passes as a probe, and the first that succeeds closes the circuit.
"""

import time
from collections.abc import Callable
from math import inf

import structlog

from router.settings.traffic import CircuitBreaker

log = structlog.get_logger(__name__)


class Breaker:
    """How asking one subgraph has been going of late; ``open`` leaves it alone.

    While it is ``attentive``, it wants to know of what succeeds too.
    """

    __slots__ = (
        "_began",
        "_clock",
        "_failures",
        "_probe_at",
        "_sent",
        "_settings",
        "_subgraph",
        "attentive",
        "open",
    )

    def __init__(
        self,
        subgraph: str,
        settings: CircuitBreaker,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.open = self.attentive = False
        self._subgraph = subgraph
        self._settings = settings
        self._clock = clock
        self._began = -inf
        self._sent = self._failures = 0
        self._probe_at = inf

    def admits(self) -> bool:
        """Say whether this request may be sent: one of many while the circuit is open.

        Who gets a yes is the probe, and nobody else is until the next is due.
        """
        if not self.open:
            return True
        now = self._clock()
        if now < self._probe_at:
            return False
        self._probe_at = now + self._settings.probe_every
        return True

    def answered(self, *, well: bool) -> None:
        """Take note of an answer, which may be that it is not well."""
        if well:
            self.succeeded()
        else:
            self.failed()

    def succeeded(self) -> None:
        """Take note of an answer."""
        if self.open:
            log.info("subgraph.back", subgraph=self._subgraph)
            self.open = self.attentive = False
            self._failures = 0
        elif self._failures:
            self._sent += 1

    def failed(self) -> None:
        """Take note that no answer came, or none that counts."""
        if self.open or not self._settings.enabled:
            return
        now = self._clock()
        if not self._failures or now - self._began > self._settings.window:
            self._began = now
            self._sent = self._failures = 0
        self._sent += 1
        self._failures += 1
        self.attentive = True
        enough = self._sent >= self._settings.at_least
        if enough and self._failures >= self._settings.failing * self._sent:
            log.warning(
                "subgraph.left_alone",
                subgraph=self._subgraph,
                failed=self._failures,
                of=self._sent,
            )
            self.open = True
            self._probe_at = now + self._settings.probe_every
