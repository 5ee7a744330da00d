"""Count what was compiled, what was served from the cache, and what fell back."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """What this process has compiled so far; read it for metrics, never write it.

    >>> counters = Counters()
    >>> counters.fell_back("@defer")
    >>> counters.fallbacks
    Counter({'@defer': 1})
    """

    compiled: int = 0
    """Variants of operations turned into Python functions."""

    executed: int = 0
    """Operations run by such a function."""

    cache_hits: int = 0
    """Documents that a cache knew already."""

    cache_misses: int = 0
    """Documents that had to be parsed, validated and compiled."""

    fallbacks: Counter[str] = field(default_factory=Counter[str])
    """Executions left to graphql-core, by the reason why."""

    def fell_back(self, reason: str) -> None:
        """Note one execution that graphql-core did, and why."""
        self.fallbacks[reason] += 1


counters = Counters()
