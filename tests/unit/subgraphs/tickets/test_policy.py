"""One set of rules: what SQL would show is what `can_see` allows."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.filters import Predicate, Shape
from kit.identity import ANONYMOUS, SCOPED, Identity, Kind
from subgraphs.tickets import policy
from subgraphs.tickets.models import StatusCategory
from subgraphs.tickets.policy.standing import Held, Viewer

IDS = ["usr_1", "usr_2", "usr_3", "sva_1"]
GROUPS = ["grp_1", "grp_2", "grp_3"]
DEPARTMENTS = ["dep_1", "dep_2", "dep_3"]
SCOPES = [
    policy.READ,
    policy.READ_ALL,
    policy.READ_GROUP,
    policy.READ_DEPARTMENT,
    policy.TRIAGE,
    policy.WRITE,
    policy.WORK,
    policy.MANAGE,
    policy.IMPORT,
]


@dataclass(frozen=True)
class Ticket:
    requester_id: str
    opened_by_id: str | None = None
    watcher_ids: tuple[str, ...] = ()
    assignee_id: str | None = None
    group_id: str | None = None
    requester_department_id: str | None = None


def maybe(words: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(words))


tickets = st.builds(
    Ticket,
    st.sampled_from(IDS),
    maybe(IDS),
    st.lists(st.sampled_from(IDS), unique=True, max_size=3).map(tuple),
    maybe(IDS),
    maybe(GROUPS),
    maybe(DEPARTMENTS),
)
identities = st.builds(
    Identity,
    st.sampled_from(IDS),
    st.sampled_from([Kind.USER, Kind.SERVICE]),
    st.frozensets(st.sampled_from(SCOPES)),
)
held = st.builds(
    Held,
    st.frozensets(st.sampled_from(SCOPES)),
    st.frozensets(st.sampled_from(GROUPS)),
    st.frozensets(st.sampled_from(DEPARTMENTS)),
)


@st.composite
def viewers(draw: st.DrawFn) -> Identity:
    caller = draw(identities)
    standing = policy.stand(
        caller,
        groups=draw(st.frozensets(st.sampled_from(GROUPS))),
        headed=draw(st.frozensets(st.sampled_from(DEPARTMENTS))),
        held=draw(st.lists(held, max_size=2)),
    )
    return Viewer.of(caller, standing)


callers = st.one_of(st.just(ANONYMOUS), identities, viewers())


def met(predicate: Predicate, ticket: Ticket) -> bool:
    """Evaluate a predicate as SQL does, null comparisons not being met."""
    values = iter(predicate.values)

    def holds(shape: Shape) -> bool:
        word, *parts = shape
        if word in {"and", "or"}:
            held = [holds(part) for part in parts]  # each takes its values
            return all(held) if word == "and" else any(held)
        if parts[0] == "watcher":
            return next(values) in ticket.watcher_ids
        stored = getattr(ticket, parts[0])
        if word == "null":
            return stored is None
        assert word in {"eq", "in"}
        wanted: Any = next(values)
        found = stored == wanted if word == "eq" else stored in wanted
        return stored is not None and found

    return holds(predicate.shape)


def test_the_evaluation_reads_every_value_even_after_an_answer() -> None:
    caller = Identity("usr_1", scopes=frozenset({policy.READ}))
    assert met(policy.visible(caller), Ticket("usr_1", None)) is True
    assert met(policy.visible(caller), Ticket("usr_2", "usr_1")) is True


@given(callers, tickets)
def test_the_predicate_and_can_see_are_equal(caller: Identity, ticket: Ticket) -> None:
    assert met(policy.visible(caller), ticket) is policy.can_see(caller, ticket)


@given(callers, tickets)
def test_watching_shows_a_ticket_and_allows_nothing_more(
    caller: Identity, ticket: Ticket
) -> None:
    unwatched = replace(ticket, watcher_ids=())
    watched = replace(ticket, watcher_ids=(caller.subject,))
    reads = caller.authenticated and caller.may(policy.READ)
    assert policy.can_see(caller, watched) is reads
    assert policy.can_edit(caller, watched) is policy.can_edit(caller, unwatched)
    assert policy.can_work(caller, watched) is policy.can_work(caller, unwatched)


@given(callers, tickets)
def test_nobody_changes_what_they_do_not_see(caller: Identity, ticket: Ticket) -> None:
    changes = policy.can_edit(caller, ticket) or policy.can_work(caller, ticket)
    assert not changes or policy.can_see(caller, ticket)


@given(
    callers, tickets, st.sampled_from(StatusCategory), st.sampled_from(StatusCategory)
)
def test_who_moves_a_ticket_may_edit_it(
    caller: Identity, ticket: Ticket, source: StatusCategory, target: StatusCategory
) -> None:
    moves = policy.can_move(caller, ticket, source, target)
    assert not moves or policy.can_edit(caller, ticket)


@given(tickets)
def test_without_a_scope_nothing_is_allowed(ticket: Ticket) -> None:
    for caller in (ANONYMOUS, Identity("usr_1")):
        assert not policy.can_see(caller, ticket)
        assert not policy.can_edit(caller, ticket)
        assert not policy.can_work(caller, ticket)
        assert not policy.can_open_for(caller, caller.subject)
        assert not policy.can_retell(caller)
        assert not policy.can_configure(caller)
        assert not policy.can_read_settings(caller)


@pytest.mark.parametrize(
    ("scopes", "kind", "mine", "others"),
    [
        ({policy.WRITE}, Kind.USER, True, False),
        ({policy.WRITE, policy.WORK}, Kind.USER, True, True),
        ({policy.WRITE}, Kind.SERVICE, True, True),
        ({policy.WORK}, Kind.USER, False, False),
    ],
)
def test_a_ticket_is_opened_for_oneself_or_by_who_works_on_them(
    scopes: set[str], kind: Kind, mine: bool, others: bool
) -> None:
    caller = Identity("usr_1", kind, frozenset(scopes))
    assert policy.can_open_for(caller, "usr_1") is mine
    assert policy.can_open_for(caller, "usr_2") is others


READER = Identity("usr_1", scopes=frozenset({policy.READ}))
THEIRS = Ticket("usr_2", None, (), "usr_3", "grp_1", "dep_1")


def standing_in(
    *scopes: str,
    groups: tuple[str, ...] = (),
    headed: tuple[str, ...] = (),
    held: tuple[Held, ...] = (),
) -> Identity:
    caller = Identity("usr_1", scopes=frozenset({policy.READ, *scopes}))
    standing = policy.stand(caller, groups=groups, headed=headed, held=held)
    return Viewer.of(caller, standing)


def rights(caller: Identity, ticket: Ticket = THEIRS) -> tuple[bool, bool]:
    return policy.can_see(caller, ticket), policy.can_work(caller, ticket)


NEITHER, SIGHT, BOTH = (False, False), (True, False), (True, True)
AGENT = frozenset({policy.READ, policy.WORK, policy.READ_GROUP})


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (standing_in(policy.READ_GROUP, policy.WORK, groups=("grp_1",)), BOTH),
        (standing_in(policy.READ_GROUP, policy.WORK, groups=("grp_2",)), NEITHER),
        (standing_in(policy.READ_GROUP, groups=("grp_1",)), SIGHT),
        (standing_in(groups=("grp_1",)), NEITHER),
        (standing_in(policy.READ_DEPARTMENT, headed=("dep_1",)), SIGHT),
        (standing_in(policy.READ_DEPARTMENT, headed=("dep_2",)), NEITHER),
        (standing_in(headed=("dep_1",)), NEITHER),
        (standing_in(policy.READ_ALL), SIGHT),
        (standing_in(policy.READ_ALL, policy.WORK), BOTH),
        (standing_in(policy.TRIAGE, policy.WORK), NEITHER),
        (standing_in(held=(Held(AGENT, groups=("grp_1",)),)), BOTH),
        (standing_in(held=(Held(AGENT, departments=("dep_1",)),)), BOTH),
        (standing_in(held=(Held(AGENT, groups=("grp_2",)),)), NEITHER),
        (standing_in(held=(Held({policy.READ_ALL}, groups=("grp_1",)),)), SIGHT),
        (standing_in(held=(Held({policy.READ, policy.WORK}, ("grp_1",)),)), NEITHER),
    ],
)
def test_groups_departments_and_roles_held_there_give_sight_and_work(
    caller: Identity, expected: tuple[bool, bool]
) -> None:
    assert rights(caller) == expected


def test_a_head_who_is_an_agent_too_works_only_where_they_are_an_agent() -> None:
    head = standing_in(
        policy.READ_DEPARTMENT,
        policy.READ_GROUP,
        policy.WORK,
        groups=("grp_2",),
        headed=("dep_1",),
    )
    assert rights(head) == SIGHT
    assert rights(head, Ticket("usr_2", group_id="grp_2")) == BOTH


def test_what_no_group_has_is_seen_to_by_its_assignee_and_by_who_sorts_it() -> None:
    free = Ticket("usr_2", assignee_id="usr_1")
    assert rights(standing_in(policy.WORK), free) == BOTH
    assert rights(standing_in(policy.TRIAGE, policy.WORK), Ticket("usr_2")) == BOTH
    assert rights(standing_in(policy.WORK), Ticket("usr_2")) == NEITHER
    moved = Ticket("usr_2", assignee_id="usr_1", group_id="grp_1")
    assert rights(standing_in(policy.WORK), moved) == NEITHER


@pytest.mark.parametrize(
    ("caller", "asked"),
    [
        (READER, False),
        (Identity("usr_1", scopes=READER.scopes, roles=frozenset({SCOPED})), True),
        (standing_in(policy.READ_GROUP), True),
        (standing_in(policy.READ_DEPARTMENT), True),
        (standing_in(policy.READ_GROUP, policy.READ_ALL), False),
        (Identity("sva_1", Kind.SERVICE, AGENT), False),
        (ANONYMOUS, False),
    ],
)
def test_only_whose_sight_rests_on_it_is_asked_about(
    caller: Identity, asked: bool
) -> None:
    assert policy.must_be_asked(caller) is asked
