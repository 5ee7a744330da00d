"""How much a caller may spend: on one request, and within a stretch of time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kit.identity import Identity, Kind
from router.settings.demand import Budget, Budgets, DemandControl

MOST_CALLERS: Final = 20_000
"""Whose spending is remembered; whoever has asked nothing for longest is forgotten."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller; None where nothing limits it."""

    remaining: int | None = None
    resets_at: float | None = None

    def written(self) -> dict[str, object]:
        """Write it for the client."""
        at = self.resets_at
        instant = None if at is None else datetime.fromtimestamp(at, UTC)
        return {
            "remaining": self.remaining,
            "resetAt": instant.isoformat(timespec="seconds") if instant else None,
        }


class Spending:
    """What callers have spent, in windows of fixed length, each caller's own.

    In this process alone: several routers each keep their own count.
    """

    def __init__(
        self, settings: Budgets, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._spent: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self.limits = settings.limits

    def allowance(self, identity: Identity, who: str) -> Allowance:
        """Say what is left to a caller, and until when."""
        limit = budget_of(self._settings, identity).window
        if limit is None:
            return Allowance()
        ends, spent = self._window(who)
        return Allowance(max(limit - spent, 0), ends)

    def spend(self, identity: Identity, who: str, points: int) -> Allowance | None:
        """Take points from a caller's budget; None, and nothing taken, if it is spent.

        What no budget could ever pay is refused before, as too expensive.
        """
        limit = budget_of(self._settings, identity).window
        if limit is None:
            return Allowance()
        ends, spent = self._window(who)
        if spent + points > limit:
            return None
        self._spent[who] = (ends, spent + points)
        self._spent.move_to_end(who)
        if len(self._spent) > MOST_CALLERS:
            self._spent.popitem(last=False)
        return Allowance(limit - spent - points, ends)

    def _window(self, who: str) -> tuple[float, int]:
        now = self._clock()
        known = self._spent.get(who)
        if known is None or known[0] <= now:
            return now + self._settings.window, 0
        return known


def most_of(settings: DemandControl, budgets: Budgets, identity: Identity) -> int:
    """Say what one request of this caller may cost."""
    own = budget_of(budgets, identity).request
    return settings.most if own is None else own


def budget_of(settings: Budgets, identity: Identity) -> Budget:
    """Choose a caller's budget: the most generous of their roles', or everybody's.

    Service accounts have the role ``service``, strangers the role ``anonymous``.
    """
    roles = settings.roles
    if not roles:
        return settings.default
    names = set(identity.roles)
    if identity.kind is not Kind.USER:
        names.add(identity.kind.value)
    found = [roles[name] for name in sorted(names) if name in roles]
    if not found:
        return settings.default
    return Budget(
        request=greatest(each.request for each in found),
        window=None
        if any(each.window is None for each in found)
        else greatest(each.window for each in found),
    )


def greatest(values: Iterable[int | None]) -> int | None:
    """Give the greatest of the numbers that there are."""
    return max((value for value in values if value is not None), default=None)
