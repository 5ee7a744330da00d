"""Making, changing and retiring policies."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import is_id, new_id
from subgraphs.tickets.errors import TicketErrorCode as Code
from subgraphs.tickets.models import (
    LONGEST_NAME,
    MOST_IDS,
    MOST_POLICIES,
    CalendarRow,
    CategoryRow,
    GoalRow,
    PolicyRow,
    ServiceRow,
)
from subgraphs.tickets.repository import sla_settings
from subgraphs.tickets.service import texts
from subgraphs.tickets.service.act import Act
from subgraphs.tickets.service.sla import log, words
from subgraphs.tickets.service.sla.settings import keep, news, refuse_strangers, take

LAST_POSITION: Final = 1_000_000
MOST_PERCENT: Final = 99

NAMED: Final = ("types", "pause_on", "category_ids", "service_ids", "group_ids")
LISTS: Final = {
    "category_ids": ("categoryIds", CategoryRow),
    "service_ids": ("serviceIds", ServiceRow),
}
"""Lists of what must exist, by what the caller calls them."""


async def create_policy(
    session: AsyncSession, act: Act, given: Mapping[str, Any]
) -> PolicyRow:
    """Make a policy; without a ``position`` it comes last.

    Raises:
        RejectedError: FORBIDDEN, TOO_LONG where there are too many already, TAKEN
            with the policy of this name, or what `checked` says.

    """
    refuse_strangers(act)
    count, last = await sla_settings.policies_in_force(session)
    if count >= MOST_POLICIES:
        raise words.refuse(Code.TOO_LONG, f"At most {MOST_POLICIES} policies fit.")
    wanted = await checked(session, {"position": None, **given}, None)
    goals: list[words.Goal] = wanted.pop("goals")
    if wanted["position"] is None:
        wanted["position"] = last + 1
    row = PolicyRow(id=new_id("slp"), **wanted)
    await keep(session, row)
    session.add_all(goal_rows(row.id, goals))
    log.note_policy(
        session, act, row.name, None, log.policy_said(row, by_target(goals))
    )
    return row


async def update_policy(
    session: AsyncSession,
    act: Act,
    key: str,
    expected_version: int | None,
    given: Mapping[str, Any],
) -> PolicyRow:
    """Change what is given of a policy; clocks that run are read anew by it.

    Raises:
        RejectedError: what `take` and `checked` say.

    """
    refuse_strangers(act)
    row = await take(session, PolicyRow, key, expected_version)
    wanted = await checked(session, given, row.id)
    goals: list[words.Goal] | None = wanted.pop("goals", None)
    if wanted.get("position", row) is None:
        del wanted["position"]
    had = await sla_settings.goals_of(session, row.id)
    before, was = log.policy_said(row, had), row.name
    has = had if goals is None else by_target(goals)
    new = news(row, wanted)
    if new or has != had:
        await keep(session, row, new)
    if goals is not None and has != had:
        await sla_settings.drop_goals(session, row.id)
        session.add_all(goal_rows(row.id, goals))
    log.note_policy(session, act, was, before, log.policy_said(row, has))
    return row


def by_target(goals: Iterable[words.Goal]) -> log.Goals:
    """Say goals as they are compared."""
    return {(each.target, each.priority): each.within for each in goals}


async def retire_policy(
    session: AsyncSession, act: Act, key: str, expected_version: int | None
) -> PolicyRow:
    """Take a policy out of use; what it promised to closed tickets stays.

    Raises:
        RejectedError: what `take` says.

    """
    refuse_strangers(act)
    row = await take(session, PolicyRow, key, expected_version)
    goals = await sla_settings.goals_of(session, row.id)
    before = log.policy_said(row, goals)
    await keep(session, row, {"retired_at": act.noted_at})
    log.note_policy(session, act, row.name, before, log.policy_said(row, goals))
    return row


def goal_rows(policy_id: str, goals: Iterable[words.Goal]) -> list[GoalRow]:
    """Make the rows of a policy's goals."""
    return [
        GoalRow(
            policy_id=policy_id,
            target=each.target,
            priority=each.priority,
            within=each.within,
        )
        for each in goals
    ]


async def checked(
    session: AsyncSession, given: Mapping[str, Any], own_id: str | None
) -> dict[str, Any]:
    """Check what is given of a policy, and say it as its columns, and ``goals``.

    Raises:
        RejectedError: TAKEN, NOT_FOUND for what it names, or what `words` says.

    """
    wanted = dict(given)
    if "name" in given:
        wanted["name"] = texts.line(given["name"], "name", LONGEST_NAME)
        taken = await sla_settings.named(session, PolicyRow, wanted["name"])
        if taken not in {None, own_id}:
            raise words.taken(taken)
    if "calendar_id" in given:
        await check_calendar(session, given["calendar_id"])
    if "goals" in given:
        wanted["goals"] = words.goals_of(given["goals"] or ())
    within(given.get("warn_percent"), 1, MOST_PERCENT, "warnAtPercent")
    within(given.get("position"), 0, LAST_POSITION, "position")
    return {**wanted, **await checked_lists(session, given)}


async def checked_lists(
    session: AsyncSession, given: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Check the lists that are given of a policy; null is an empty one.

    Raises:
        RejectedError: what `known_ids` and `group_ids_of` say.

    """
    lists = {name: given[name] or () for name in NAMED if name in given}
    wanted: dict[str, list[str]] = {}
    for name, listed in lists.items():
        if name in LISTS:
            wanted[name] = await known_ids(session, listed, *LISTS[name])
        elif name == "group_ids":
            wanted[name] = group_ids_of(listed)
        else:
            wanted[name] = list(dict.fromkeys(each.value for each in listed))
    return wanted


async def check_calendar(session: AsyncSession, key: str | None) -> None:
    """Check that a calendar is in use, and keep it so until the end.

    Raises:
        RejectedError: REQUIRED or NOT_FOUND.

    """
    if key is None:
        raise words.refuse(Code.REQUIRED, "A policy has a calendar.", "calendarId")
    row = await sla_settings.lock(session, CalendarRow, key)
    if row is None or row.retired_at is not None:
        raise words.refuse(Code.NOT_FOUND, "There is no such calendar.", "calendarId")


async def known_ids(
    session: AsyncSession,
    keys: Iterable[str],
    name: str,
    kind: type[CategoryRow | ServiceRow],
) -> list[str]:
    """Check that what a list names exists.

    Raises:
        RejectedError: TOO_LONG, or NOT_FOUND with the place in the list.

    """
    found = few(keys, name)
    existing = await sla_settings.existing(session, kind, found)
    for n, key in enumerate(found):
        if key not in existing:
            raise words.refuse(Code.NOT_FOUND, "There is no such object.", name, n)
    return found


def group_ids_of(keys: Iterable[str]) -> list[str]:
    """Check ids of groups, which are another domain's.

    Raises:
        RejectedError: TOO_LONG, or INVALID with the place in the list.

    """
    found = few(keys, "groupIds")
    for n, key in enumerate(found):
        if not is_id(key, "grp"):
            raise words.refuse(
                Code.INVALID, "This is not the id of a group.", "groupIds", n
            )
    return found


def few(keys: Iterable[str], name: str) -> list[str]:
    """Take each id once, and not too many.

    Raises:
        RejectedError: TOO_LONG.

    """
    found = list(dict.fromkeys(keys))
    if len(found) > MOST_IDS:
        raise words.refuse(Code.TOO_LONG, f"At most {MOST_IDS} fit.", name)
    return found


def within(number: int | None, least: int, most: int, name: str) -> None:
    """Check a number that may be left out.

    Raises:
        RejectedError: INVALID.

    """
    if number is not None and not least <= number <= most:
        raise words.refuse(
            Code.INVALID, f"This is a number from {least} to {most}.", name
        )
