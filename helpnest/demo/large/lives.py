"""Two years of tickets: each with what it is now, and the events that led there.

Pure: rows for `load`, made by chance, the same each time. The texts are those of the
small company's stories, with a place and a thing of their own.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from helpnest.demo.large import talk
from helpnest.demo.large.organisation import SITES
from helpnest.demo.stories import STORIES
from helpnest.demo.stories.story import Story
from helpnest.demo.timeline import STATUS
from subgraphs.tickets.models import NUMBER_PREFIX, TicketType

TICKETS: Final = 200_000
DAYS: Final = 730
REASSIGNED: Final = 0.2
REOPENED: Final = 0.03
STILL_OPEN: Final = 0.06
"""The share of tickets that have not come to their end."""
BEGUN, ANSWERED, THANKED, WAITING = 0.3, 0.6, 0.3, 0.2
"""How often somebody says that they begin, what helped, thanks, or asks for news."""

CATEGORY_OF: Final = {
    "new": "NEW",
    "in_progress": "IN_PROGRESS",
    "on_hold": "ON_HOLD",
    "resolved": "RESOLVED",
    "closed": "CLOSED",
    "cancelled": "CANCELLED",
}
UNANSWERED: Final = frozenset({"new", "cancelled"})
"""Statuses in which nobody has begun anything."""

THINGS: Final = ("asset", "desk", "room", "badge", "order", "device")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Ids that lives are made of: what the graph and the tables say.

    ``people`` are (id, department's id); ``teams`` are (id, members' ids);
    ``priorities`` are by impact and urgency, the others by key or name.
    """

    people: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, Sequence[str]]]
    statuses: Mapping[str, str]
    categories: Mapping[str, str]
    services: Mapping[str, str]
    priorities: Mapping[tuple[str, str], str]


@dataclass(slots=True)
class Life:
    """A ticket's row, its events' and what was said about it, each in order."""

    ticket: Row
    events: list[Row]
    said: list[Row]
    clocks: list[Row] = field(default_factory=list[Row])


def lives(known: Known, now: datetime, first: int, count: int) -> Iterator[Life]:
    """Tell ``count`` lives, the oldest first; numbers begin at ``first``."""
    chance = random.Random("lives")  # noqa: S311 - variety, not secrecy
    for n in range(count):
        ago = timedelta(days=DAYS * (count - n - chance.random()) / count)
        yield Teller(known, now, chance, first + n).tell(now - ago)


class Teller:
    """One life, while it is being told."""

    def __init__(
        self, known: Known, now: datetime, chance: random.Random, number: int
    ) -> None:
        self.known, self.now, self.chance = known, now, chance
        self.story: Story = chance.choice(STORIES)
        self.number = number
        self.events: list[Row] = []
        self.said: list[Row] = []
        self.team, members = chance.choice(known.teams)
        self.agent = chance.choice(members)

    def tell(self, opened: datetime) -> Life:
        """Open the ticket, give it to somebody, and let it come to where it is."""
        self.at = opened
        self.row = self.opened(opened)
        self.give()
        if self.chance.random() < BEGUN:
            self.later(1)
            self.reply(self.agent, talk.BEGUN)
        if self.chance.random() < REASSIGNED:
            self.remark(self.story.note or self.chance.choice(talk.HANDED))
            self.team, members = self.chance.choice(self.known.teams)
            self.agent = self.chance.choice(members)
            self.give()
        recent = self.now - opened < timedelta(days=14)
        if self.chance.random() < (0.5 if recent else STILL_OPEN):
            self.stay_open()
        else:
            self.end()
        changes = [each for each in self.events if each["kind"] != "RESPONDED"]
        self.row["version"] = len(changes)
        self.row["history_length"] = len(self.events)
        self.row["updated_at"] = changes[-1]["at"]
        return Life(self.row, self.events, self.said)

    def opened(self, at: datetime) -> Row:
        """Make the row as it is at the beginning, and the first event."""
        story, known, chance = self.story, self.known, self.chance
        requester, department = chance.choice(known.people)
        impact, urgency = story.impact, story.urgency
        city = chance.choice(SITES)[1]
        thing = f"{chance.choice(THINGS)} {chance.randrange(100_000):05d}"
        row: Row = {
            "number": f"{NUMBER_PREFIX[TicketType(story.type)]}{self.number:07d}",
            "type": story.type,
            "title": f"{story.title} ({city}, {thing})",
            "description": f"{story.text}\n\nWhere: {city}, {thing}.",
            "channel": story.channel,
            "status_id": known.statuses["new"],
            "status_category": "NEW",
            "hold_reason": None,
            "impact": impact,
            "urgency": urgency,
            "priority": known.priorities[impact, urgency],
            "requester_id": requester,
            "opened_by_id": requester,
            "requester_department_id": department,
            "assignee_id": None,
            "group_id": None,
            "category_id": known.categories[story.category],
            "service_id": known.services[story.service],
            "tags": list(story.tags),
            "resolution_code": None,
            "resolution_notes": None,
            "resolved_by_id": None,
            "opened_at": at,
            "created_at": at,
            "resolved_at": None,
            "closed_at": None,
            "first_responded_at": None,
            "reassignment_count": 0,
            "reopen_count": 0,
        }
        first = {
            "status": "new",
            "impact": impact,
            "urgency": urgency,
            "priority": row["priority"],
            "groupId": None,
            "assigneeId": None,
            "categoryId": row["category_id"],
            "serviceId": row["service_id"],
        }
        self.note("CREATED", requester, None, None, first)
        return row

    def give(self) -> None:
        """Let the group and the person have it."""
        self.later(4)
        row = self.row
        if row["group_id"] != self.team:
            before, row["group_id"] = row["group_id"], self.team
            row["reassignment_count"] += 1
            self.note("GROUP_CHANGED", self.agent, "groupId", before, self.team)
        if row["assignee_id"] != self.agent:
            before, row["assignee_id"] = row["assignee_id"], self.agent
            self.note("ASSIGNEE_CHANGED", self.agent, "assigneeId", before, self.agent)

    def stay_open(self) -> None:
        """Leave it where somebody still has to do something."""
        where = self.chance.choice(("", "in_progress", "in_progress", "on_hold"))
        if where:
            self.move("in_progress", "STATUS_CHANGED")
        if where == "on_hold":
            reason = self.chance.choice(("REQUESTER", "VENDOR", "EVIDENCE"))
            self.move("on_hold", "STATUS_CHANGED", reason)
        if self.chance.random() < WAITING:
            self.later(30)
            self.reply(self.row["requester_id"], talk.WAITING)

    def end(self) -> None:
        """Solve it or drop it, perhaps after a second try."""
        for step in self.story.path.split():
            word, _, why = step.partition(":")
            if word in STATUS and STATUS[word] not in ("resolved", "closed"):
                to = STATUS[word]
                if to != self.status:
                    self.move(to, "STATUS_CHANGED", why if to == "on_hold" else None)
        if self.status == "cancelled":
            return
        self.solve()
        if self.chance.random() < REOPENED:
            self.later(20)
            self.row["reopen_count"] += 1
            for name in ("resolution_code", "resolution_notes", "resolved_by_id"):
                self.row[name] = None
            self.row["resolved_at"] = None
            self.move("in_progress", "REOPENED")
            self.solve()
        if self.now - self.at > timedelta(days=5):
            self.at += timedelta(days=5)
            self.row["closed_at"] = self.at
            self.move("closed", "CLOSED", pause=0)

    def solve(self) -> None:
        """Resolve it."""
        self.move("resolved", "RESOLVED")
        self.row["resolved_at"] = self.at
        self.row["resolved_by_id"] = self.agent
        self.row["resolution_code"] = self.story.code
        self.row["resolution_notes"] = self.story.answer
        if self.story.answer and self.chance.random() < ANSWERED:
            self.reply(self.agent, (self.story.answer,))
            if self.chance.random() < THANKED:
                self.reply(self.row["requester_id"], talk.THANKED)

    @property
    def status(self) -> str:
        """Give the key of the status."""
        category: str = self.row["status_category"]
        return category.lower()

    def move(
        self, to: str, kind: str, reason: str | None = None, pause: float = 12
    ) -> None:
        """Take a step of the workflow some hours later."""
        self.later(pause)
        row = self.row
        if row["hold_reason"] == "REQUESTER":
            self.reply(row["requester_id"], talk.TOLD)
        before = {"status": self.status, "holdReason": row["hold_reason"]}
        row["status_id"] = self.known.statuses[to]
        row["status_category"] = CATEGORY_OF[to]
        row["hold_reason"] = reason
        after = {"status": to, "holdReason": reason}
        self.note(kind, self.agent, "status", before, after)
        if to not in UNANSWERED and row["first_responded_at"] is None:
            row["first_responded_at"] = self.at
        if reason == "REQUESTER":
            self.reply(self.agent, talk.ASKED)

    def reply(self, author: str, words: Sequence[str]) -> None:
        """Let somebody say one of these to all who see the ticket."""
        self.say(author, self.chance.choice(words), "PUBLIC")
        first = self.row["first_responded_at"] is None
        if first and author != self.row["requester_id"]:
            self.row["first_responded_at"] = self.at
            self.note("RESPONDED", author, None, None, None)

    def remark(self, words: str) -> None:
        """Let whoever has it say this to those alone who work on it."""
        self.say(self.agent, words, "INTERNAL")

    def say(self, author: str, body: str, visibility: str) -> None:
        """Add what was said."""
        self.said.append(
            {
                "author_id": author,
                "body": body,
                "visibility": visibility,
                "created_at": self.at,
            }
        )

    def later(self, hours: float) -> None:
        """Let about so many hours pass, and never more than there are."""
        passed = timedelta(hours=hours * self.chance.uniform(0.1, 1.9))
        self.at = min(self.at + passed, self.now)

    def note(
        self, kind: str, actor: str, field: str | None, before: Any, after: Any
    ) -> None:
        """Add the next event."""
        self.events.append(
            {
                "seq": len(self.events) + 1,
                "kind": kind,
                "at": self.at,
                "actor_id": actor,
                "via": "IMPORT",
                "field": field,
                "before": before,
                "after": after,
            }
        )
