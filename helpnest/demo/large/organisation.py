"""Who works where in the large company: sites, departments, people, and 60 groups.

Pure: the same organisation each time, in keys that `move_in` replaces by ids.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from helpnest.demo.company import DOMAIN
from helpnest.demo.large.names import people_named

PEOPLE: Final = 5_000
GROUPS: Final = 60
AGENTS_OF_A_GROUP: Final = 8
TEAM: Final = 12
"""How many people report to one, about."""

SITES: Final = (
    ("LIS", "Lisbon", "Europe/Lisbon", "pt-PT"),
    ("WAW", "Warsaw", "Europe/Warsaw", "pl-PL"),
    ("OSL", "Oslo", "Europe/Oslo", "nb-NO"),
    ("IST", "Istanbul", "Europe/Istanbul", "tr-TR"),
    ("GRZ", "Graz", "Europe/Vienna", "de-AT"),
    ("OSA", "Osaka", "Asia/Tokyo", "ja-JP"),
    ("MTL", "Montreal", "America/Toronto", "fr-CA"),
    ("PUN", "Pune", "Asia/Kolkata", "en-IN"),
)
PARTS: Final = (
    ("IT", "IT"),
    ("FIN", "Finance"),
    ("HR", "People"),
    ("SAL", "Sales"),
    ("ENG", "Engineering"),
    ("PRD", "Production"),
    ("LOG", "Logistics"),
)
SKILLS: Final = ("Desk", "Network", "Workplace", "Accounts", "Applications", "Field")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person; ``manager`` is another one's place in the list, None at the top."""

    name: str
    email: str
    department: str
    manager: int | None
    zone: str
    locale: str
    agent: bool = False


@dataclass(slots=True)
class Team:
    """A group, with its members' places in the list of people."""

    name: str
    department: str
    policy: str
    members: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class Organisation:
    """All of it. ``departments`` are code, name, and the code of the one above."""

    departments: tuple[tuple[str, str, str], ...]
    people: tuple[Somebody, ...]
    teams: tuple[Team, ...]


def organise(people: int = PEOPLE, groups: int = GROUPS) -> Organisation:
    """Draw the organisation.

    >>> small = organise(100, 6)
    >>> len(small.people), len(small.teams), len(small.departments)
    (100, 6, 64)
    >>> all(each.manager is None or each.manager < n
    ...     for n, each in enumerate(small.people))
    True
    """
    chance = random.Random("organisation")  # noqa: S311 - variety, not secrecy
    departments = tuple(departments_of())
    inner = [code for code, _, above in departments if above != "MARLOW"]
    drawn = list(people_named(people, chance))
    firsts: dict[str, list[int]] = {code: [] for code in inner}
    agents = groups * AGENTS_OF_A_GROUP
    made: list[Somebody] = []
    for number, (name, address) in enumerate(drawn):
        # Agents first: they sit in the sites' IT.
        at = inner[number % len(inner)]
        if number < min(agents, people // 2):
            at = f"{SITES[number % len(SITES)][0]}-IT"
        leads = firsts[at]
        manager = leads[(len(leads) - 1) // TEAM] if leads else None
        leads.append(number)
        site = next(each for each in SITES if at.startswith(each[0]))
        made.append(
            Somebody(
                name,
                f"{address}@{site[0].lower()}.{DOMAIN}",
                at,
                manager,
                site[2],
                site[3],
                agent=number < agents,
            )
        )
    return Organisation(departments, tuple(made), tuple(teams_of(groups, len(made))))


def departments_of() -> Iterator[tuple[str, str, str]]:
    """List departments, each after the one above it; Sales has its own head."""
    for code, city, _, _ in SITES:
        yield code, f"Marlow {city}", "MARLOW"
        for short, name in PARTS:
            yield (
                f"{code}-{short}",
                f"{name} {city}",
                "SALES" if short == "SAL" else code,
            )


def teams_of(groups: int, people: int) -> Iterator[Team]:
    """Make the groups, with the first people as their members."""
    for number in range(groups):
        code, city, _, _ = SITES[number % len(SITES)]
        skill = SKILLS[number // len(SITES) % len(SKILLS)]
        more = number // (len(SITES) * len(SKILLS))
        name = f"{city} {skill}" + (f" {more + 1}" if more else "")
        policy = ("MANUAL", "ROUND_ROBIN", "LEAST_LOADED")[number % 3]
        seats = range(number, groups * AGENTS_OF_A_GROUP, groups)
        members = [seat for seat in seats if seat < people]
        yield Team(name, f"{code}-IT", policy, members)
