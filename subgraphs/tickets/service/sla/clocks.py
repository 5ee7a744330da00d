"""A timeline and the policies → how each clock stands at an instant.

A clock is told from the beginning each time: what it has counted is the sum over the
segments in which it ran, each by the calendar and against the goal of the policy that
fits the ticket as it stood then. What the history has noted stays: a breach is never
undone, whatever is changed later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from kit.scalars import read_duration
from subgraphs.tickets.models import (
    HoldReason,
    SlaState,
    SlaTarget,
    StatusCategory,
)
from subgraphs.tickets.service.sla.calendar import (
    add_business_time,
    business_time_between,
)
from subgraphs.tickets.service.sla.policies import Policy, Promises
from subgraphs.tickets.service.sla.timeline import Mode, Notes, Stand, Timeline

NOTHING: Final = timedelta(0)
STATES: Final = {
    Mode.RUNNING: SlaState.RUNNING,
    Mode.PAUSED: SlaState.PAUSED,
    Mode.STOPPED: SlaState.MET,
    Mode.CANCELLED: SlaState.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a clock stands; ``since`` and ``due_at`` as `ClockRow` has them."""

    target: SlaTarget
    policy_id: str
    goal: timedelta
    mode: Mode | None
    """None where nothing is promised any more."""
    elapsed: timedelta
    since: datetime | None
    due_at: datetime | None
    warns_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    escalates: bool

    @property
    def state(self) -> SlaState:
        """Say it in one word; a breach says more than whether the clock runs on."""
        if self.breached_at is not None:
            return SlaState.BREACHED
        return SlaState.CANCELLED if self.mode is None else STATES[self.mode]

    @property
    def next_at(self) -> datetime | None:
        """When somebody must look at it; None where it can wait for a change."""
        if self.breached_at is not None or self.since is None:
            return None
        return min(filter(None, (self.warns_at, self.due_at)), default=None)


class Segment(NamedTuple):
    """A part of a ticket's life in which nothing changes for a clock."""

    start: datetime
    end: datetime
    last: bool
    stand: Stand
    anew: bool
    """The count begins again here, as the time between updates does."""

    def crossing(
        self, policy: Policy, elapsed: timedelta, amount: timedelta | None
    ) -> datetime | None:
        """Say when a running clock passes an amount here, if it does.

        What ends at the very instant at which time is up ends in time.
        """
        if amount is None:
            return None
        found = add_business_time(policy.calendar, self.start, amount - elapsed)
        if found is None or found > self.end or (found == self.end and not self.last):
            return None
        return found


class Reading:
    """The fold of one clock over its segments."""

    def __init__(self, target: SlaTarget, notes: Notes) -> None:
        self.target = target
        self.notes = notes
        self.elapsed = self.banked = NOTHING
        self.warned_at, self.breached_at = notes.warned_at, notes.breached_at
        self.stopped_at: datetime | None = None

    def pass_through(self, segment: Segment, policy: Policy | None, mode: Mode) -> None:
        """Count a segment."""
        still = mode in {Mode.STOPPED, Mode.CANCELLED}
        self.stopped_at = (self.stopped_at or segment.start) if still else None
        if segment.anew:
            self.elapsed = NOTHING
        self.banked = self.elapsed
        if policy is None or mode is not Mode.RUNNING:
            return
        goal = policy.goal(self.target, segment.stand.priority)
        if goal is not None and self.breached_at is None:
            warned = segment.crossing(policy, self.elapsed, policy.warning(goal))
            self.breached_at = segment.crossing(policy, self.elapsed, goal)
            if warned and (self.breached_at is None or warned < self.breached_at):
                self.warned_at = self.warned_at or warned
        self.elapsed += business_time_between(
            policy.calendar, segment.start, segment.end
        )


def clocks_at(timeline: Timeline, promises: Promises, instant: datetime) -> list[Clock]:
    """Read every clock that the ticket has, or once had, at an instant."""
    read = (read_clock(each, timeline, promises, instant) for each in SlaTarget)
    return [clock for clock in read if clock is not None]


def read_clock(
    target: SlaTarget, timeline: Timeline, promises: Promises, instant: datetime
) -> Clock | None:
    """Read one clock at an instant; None where nothing is promised, nor ever was."""
    notes, stand = timeline.notes.get(target, Notes()), timeline.stands[-1]
    promised = promises.policy_for(stand)
    goal = promised and promised.goal(target, stand.priority)
    if goal is None and notes.started is None:
        return None
    reading = Reading(target, notes)
    last: tuple[Segment, Policy | None, Mode] | None = None
    for segment in segments(target, timeline, instant):
        policy = promises.policy_for(segment.stand)
        mode = mode_of(target, segment, policy, timeline.responded_at)
        reading.pass_through(segment, policy, mode)
        last = segment, policy, mode
    if last is None:
        return None
    segment, policy, mode = last
    if policy is None or goal is None:
        return forsaken(reading)
    runs = mode is Mode.RUNNING
    breached, missing = reading.breached_at, goal - reading.banked
    share = policy.warning(goal)
    warns = runs and share is not None and reading.warned_at is None
    return Clock(
        target=target,
        policy_id=policy.id,
        goal=goal,
        mode=mode,
        elapsed=reading.banked if runs else reading.elapsed,
        since=segment.start if runs else None,
        due_at=add_business_time(policy.calendar, segment.start, missing)
        if runs and breached is None
        else breached,
        warns_at=add_business_time(
            policy.calendar, segment.start, share - reading.banked
        )
        if warns and share is not None
        else None,
        warned_at=reading.warned_at,
        breached_at=breached,
        stopped_at=reading.stopped_at,
        escalates=policy.escalates,
    )


def forsaken(reading: Reading) -> Clock | None:
    """Read a clock for which nothing is promised any more: it stands still."""
    noted = reading.notes.started
    if noted is None:
        return None
    return Clock(
        target=reading.target,
        policy_id=noted["policyId"],
        goal=read_duration(noted["goal"]),
        mode=None,
        elapsed=reading.elapsed,
        since=None,
        due_at=reading.breached_at,
        warns_at=None,
        warned_at=reading.warned_at,
        breached_at=reading.breached_at,
        stopped_at=reading.stopped_at,
        escalates=False,
    )


def segments(
    target: SlaTarget, timeline: Timeline, instant: datetime
) -> Iterator[Segment]:
    """Cut a ticket's life where something changes for a clock."""
    resets = frozenset(timeline.updates if target is SlaTarget.UPDATE else ())
    cuts = set(resets)
    if target is SlaTarget.FIRST_RESPONSE and timeline.responded_at is not None:
        cuts.add(timeline.responded_at)
    stands = timeline.stands
    end = max(instant, stands[-1].at)
    bounds = [*(stand.at for stand in stands), end]
    for stand, (start, until) in zip(stands, pairwise(bounds), strict=True):
        final = stand is stands[-1]
        inner = (cut for cut in cuts if start < cut < until or (final and cut == until))
        marks = [start, *sorted(inner), until]
        for n, (a, b) in enumerate(pairwise(marks), 2):
            yield Segment(a, b, final and n == len(marks), stand, a in resets)


def mode_of(
    target: SlaTarget,
    segment: Segment,
    policy: Policy | None,
    responded_at: datetime | None,
) -> Mode:
    """Say what a clock does in a segment.

    The first response is given once and for all; the others go on when a ticket is
    reopened, and pause for what the policy names.
    """
    stand, first = segment.stand, target is SlaTarget.FIRST_RESPONSE
    if first and responded_at is not None and responded_at <= segment.start:
        return Mode.STOPPED
    if stand.category is StatusCategory.CANCELLED:
        return Mode.CANCELLED
    if stand.category in {StatusCategory.RESOLVED, StatusCategory.CLOSED}:
        return Mode.STOPPED
    if not first and pauses(policy, stand.hold_reason):
        return Mode.PAUSED
    return Mode.RUNNING


def pauses(policy: Policy | None, reason: HoldReason | None) -> bool:
    """Say whether a policy lets the time stand still for a reason."""
    return policy is not None and reason is not None and reason in policy.pause_on
