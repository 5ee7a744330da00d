"""Who sees and does what, in words: the oracle of the rights matrix.

It says again, independently of every ``policy.py``, what docs/tickets.md, people.md and
comments.md promise. A new field is a word in fields.yaml, a new mutation an entry in
mutations.yaml, a new rule a function here. What a later domain adds to the graph stands
in files of those names in ``domains/<its name>``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from helpnest.supergraph import API
from tests.support.office import PEOPLE, Office

FOLDER: Final = Path(__file__).parent
ROLES: Final = ("nobody", "bare", "integration", *PEOPLE)
"""``nobody`` has no token, ``bare`` one that allows nothing."""

SEES: Final[dict[str, set[str]]] = {
    "nobody": set(),
    "bare": set(),
    "integration": set(),
    "stranger": {"own"},
    "requester": {"own"},
    "agent": {"own", "group"},
    "manager": {"own", "department"},
    "admin": {"own", "group", "department", "foreign"},
    "analyst": {"own", "group", "department", "foreign"},
}
"""Whose tickets each role sees, by relation."""

WORKS: Final[dict[str, set[str]]] = {
    **{role: set[str]() for role in SEES},
    "agent": {"own", "group"},
    "admin": {"own", "group", "department", "foreign"},
}
"""On whose tickets each role works; its notes are theirs alone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One object: its type and id, and the word of the ticket that it belongs to.

    ``note`` says that it is an internal note, ``whose`` names the person it is or whose
    it is, by id.
    """

    type: str
    id: str
    word: str | None = None
    note: bool = False
    whose: str | None = None


def sees_ticket(role: str, word: str) -> bool:
    """Say whether a role sees the ticket of a word: a relation, or ``own-<role>``.

    >>> sees_ticket("agent", "group"), sees_ticket("agent", "own-requester")
    (True, False)
    """
    return relation(role, word) in SEES[role]


def works_on(role: str, word: str) -> bool:
    """Say whether a role works on the ticket of a word."""
    return relation(role, word) in WORKS[role]


def relation(role: str, word: str) -> str:
    """Say how a ticket stands to a role; somebody else's own is foreign to it.

    The group's ticket was asked for by the stranger, so it is the stranger's own.

    >>> relation("admin", "own-admin"), relation("agent", "own-admin")
    ('own', 'foreign')
    """
    if word == f"own-{role}" or (word, role) == ("group", "stranger"):
        return "own"
    if word == "own-manager":
        return "foreign"
    return "foreign" if word.startswith("own-") else word


def may(office: Office, role: str, scope: str) -> bool:
    """Say whether a caller's token carries a scope."""
    who = office.callers[role]
    return who is not None and scope in who["scopes"]


def sees(office: Office, role: str, sample: Sample) -> bool:
    """Say whether a role sees an object at all."""
    if role == "nobody":
        return False
    if sample.word is not None:
        seen = works_on if sample.note else sees_ticket
        return seen(role, sample.word)
    mine = sample.whose is not None and sample.whose == office.subject(role)
    return {
        "User": mine or may(office, role, "users:read"),
        "Department": may(office, role, "users:read"),
        "Group": may(office, role, "users:read"),
        "Role": may(office, role, "users:read"),
        "Session": mine or may(office, role, "sessions:manage"),
        "ServiceAccount": may(office, role, "service_accounts:manage"),
    }.get(sample.type, may(office, role, "tickets:read"))


Rule = Callable[[Office, str, Sample], bool]


def own_or(scope: str) -> Rule:
    """Make the rule: the person themselves, and who holds a scope."""

    def rule(office: Office, role: str, sample: Sample) -> bool:
        return sample.whose == office.subject(role) or may(office, role, scope)

    return rule


def holds(scope: str) -> Rule:
    """Make the rule: who holds a scope."""
    return lambda office, role, _: may(office, role, scope)


def author_or_works(office: Office, role: str, sample: Sample) -> bool:
    """Allow the author, and those who work on the ticket."""
    return sample.whose == office.subject(role) or works_on(role, sample.word or "")


NAMED: Final[dict[str, Rule]] = {
    "with it": lambda *_: True,
    "notes if works": lambda *_: True,
    "everybody": lambda *_: True,
    "signed in": lambda _, role, __: role != "nobody",
    "author or works": author_or_works,
}
"""By the name that fields.yaml uses; given the object whose field it is."""

SCOPE: Final = re.compile(r"(self or )?([a-z_]+:[a-z_]+)")


def rule_of(name: str) -> Rule:
    """Find a rule by its name; a permission's says who holds it, or is the person.

    Raises:
        KeyError: there is none.

    """
    scope = SCOPE.fullmatch(name)
    if scope is None:
        return NAMED[name]
    return own_or(scope[2]) if scope[1] else holds(scope[2])


LISTS: Final = {"nodes", "edges", "pageInfo", "totalCount", "node", "cursor"}


def schema() -> GraphQLSchema:
    """Read the public graph."""
    return build_schema(API.read_text(), assume_valid=True)


def fields_of(graph: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Name every field that needs a rule, as type and field."""
    for name, kind in graph.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__"):
            continue
        if name.endswith(("Payload", "UserError")) or name == "Mutation":
            continue
        is_list = name.endswith(("Connection", "Edge"))
        for field in kind.fields:
            if not (is_list and field in LISTS):
                yield name, field


def field_rules() -> dict[tuple[str, str], str]:
    """Read fields.yaml: the name of the rule of each type and field."""
    return {
        (kind, field): rule
        for table in tables("fields.yaml")
        for kind, rules in table.items()
        for rule, fields in rules.items()
        for field in fields
    }


def mutation_rules() -> dict[str, Any]:
    """Read mutations.yaml."""
    return {
        name: entry
        for table in tables("mutations.yaml")
        for name, entry in table.items()
    }


def tables(name: str) -> Iterator[dict[str, Any]]:
    """Read a table, and what later domains add to it."""
    for path in (FOLDER / name, *sorted(FOLDER.glob(f"domains/*/{name}"))):
        yield yaml.safe_load(path.read_text()) or {}
