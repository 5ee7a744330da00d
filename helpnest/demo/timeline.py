"""Stories → what was done, by whom, when: weeks of tickets that end at this moment.

>>> from helpnest.demo.stories import STORIES
>>> deeds = deeds_of(STORIES, datetime(2026, 3, 4, 15, tzinfo=UTC))
>>> deeds == sorted(deeds, key=lambda deed: deed.at)
True
>>> sorted({deed.verb for deed in deeds})
['assign', 'move', 'open', 'say']
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from helpnest.demo.stories.story import Story

SEED: Final = 20260302  # the same company at every first start
WEEKS: Final = 6
HOURS_A_DAY: Final = 9.0
HOURS_A_WEEK: Final = 5 * HOURS_A_DAY
MORNING: Final = timedelta(hours=8)
FIRST_MONDAY: Final = datetime(2001, 1, 1, tzinfo=UTC)

BEFORE_ANYBODY_LOOKS: Final = 1.5
TO_CLOSE: Final = 2 * HOURS_A_DAY
TO_WAIT: Final = 2.5  # times the effort of a step
ENDS: Final = ("solve", "close", "drop")
STATUS: Final = {
    "work": "in_progress",
    "again": "in_progress",
    "wait": "on_hold",
    "solve": "resolved",
    "close": "closed",
    "drop": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody did to a ticket.

    ``verb`` is ``open``, ``assign``, ``move`` or ``say``; ``values`` are the mutation's
    own fields, people and settings by their keys and names.
    """

    at: datetime
    ticket: str
    verb: str
    actor: str
    story: Story
    values: Mapping[str, str]


def deeds_of(stories: Iterable[Story], now: datetime) -> list[Deed]:
    """Tell every story so that it is over, or stands open, at ``now``.

    The same ``now`` gives the same deeds, in the order of their instants.
    """
    chance = random.Random(SEED)  # noqa: S311 - variety, not secrecy
    deeds = [
        deed
        for number, story in enumerate(stories)
        for person in story.by
        for deed in tell(story, f"{number}-{person}", person, now, chance)
    ]
    return sorted(deeds, key=lambda deed: deed.at)


def tell(
    story: Story, ticket: str, requester: str, now: datetime, chance: random.Random
) -> Iterator[Deed]:
    """Tell one story of one person."""
    steps = ("open", *story.path.split())
    gaps = [gap(story, step) * chance.uniform(0.4, 1.6) for step in steps[1:]]
    over = steps[-1] in ENDS
    spare = max(WEEKS * HOURS_A_WEEK - sum(gaps), HOURS_A_DAY)
    ago = chance.uniform(0, spare) if over else chance.uniform(0.1, HOURS_A_DAY)
    hour = hours_worked(now) - ago - sum(gaps)
    status, agent = "new", story.to
    for step, wait in zip(steps, (0.0, *gaps), strict=True):
        hour += wait
        at = instant_of(hour)
        word, _, what = step.partition(":")
        who = requester if word == "again" else agent
        for visibility, text in spoken(story, word, what):
            said = {"visibility": visibility, "body": text}
            yield Deed(at, ticket, "say", who, story, said)
        if word == "open":
            yield Deed(at, ticket, "open", requester, story, {})
            if gaps:
                later = instant_of(hour + min(gaps[0] / 2, BEFORE_ANYBODY_LOOKS))
                yield Deed(later, ticket, "assign", agent, story, {"assigneeId": agent})
        elif word == "hand":
            note = {"note": story.note} if story.note else {}
            values = {"assigneeId": what, **note}
            yield Deed(at, ticket, "assign", agent, story, values)
            agent = what
        elif STATUS[word] != status:
            status = STATUS[word]
            values = {"toStatusKey": status, **says(story, word, what)}
            yield Deed(at, ticket, "move", who, story, values)


def gap(story: Story, step: str) -> float:
    """Say how many working hours pass before a step, about."""
    word = step.partition(":")[0]
    if word == "close":
        return TO_CLOSE
    return story.effort * (TO_WAIT if word in {"wait", "again"} else 1.0)


def says(story: Story, word: str, what: str) -> dict[str, str]:
    """Give what is said along with a step."""
    if word == "wait":
        return {"holdReason": what} | ({"note": story.note} if story.note else {})
    if word == "solve":
        answer = {"resolutionNotes": story.answer} if story.answer else {}
        return {"resolutionCode": story.code, **answer}
    if word == "drop" and story.note:
        return {"note": story.note}
    return {"note": "It is not solved."} if word == "again" else {}


def spoken(story: Story, word: str, what: str) -> Iterator[tuple[str, str]]:
    """Give what is said on the ticket before a step: for whom, and the words.

    The requester is asked and answered out loud; the rest is between those who work.
    """
    if word == "solve" and story.answer:
        yield "PUBLIC", story.answer
    elif word == "again":
        yield "PUBLIC", "Thank you, but it is not solved: it has come back."
    elif word in {"wait", "hand", "drop"} and story.note:
        asked = word == "drop" or what == "REQUESTER"
        yield ("PUBLIC" if asked else "INTERNAL"), story.note


def instant_of(hours: float) -> datetime:
    """Say when so many working hours had passed since `FIRST_MONDAY`.

    >>> instant_of(0.0).isoformat()
    '2001-01-01T08:00:00+00:00'
    >>> instant_of(5 * 9.0 + 1).isoformat()
    '2001-01-08T09:00:00+00:00'
    """
    days, rest = divmod(hours, HOURS_A_DAY)
    weeks, day = divmod(int(days), 5)
    found = FIRST_MONDAY + timedelta(weeks=weeks, days=day, hours=rest) + MORNING
    return found.replace(microsecond=0)


def hours_worked(moment: datetime) -> float:
    """Count the working hours since `FIRST_MONDAY`; nights and weekends have none.

    >>> hours_worked(instant_of(1234.5))
    1234.5
    >>> hours_worked(datetime(2001, 1, 6, 12, tzinfo=UTC))
    45.0
    """
    since = moment - FIRST_MONDAY
    weeks, day = divmod(since.days, 7)
    today = timedelta(seconds=since.seconds) - MORNING
    if day >= 5:  # noqa: PLR2004 - Saturday and Sunday
        return (weeks + 1) * HOURS_A_WEEK
    worked = min(max(today / timedelta(hours=1), 0.0), HOURS_A_DAY)
    return weeks * HOURS_A_WEEK + day * HOURS_A_DAY + worked
