"""One set of rules: what SQL would show is what `can_see` allows."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.filters import Predicate, Shape
from kit.identity import ANONYMOUS, Identity, Kind
from subgraphs.tickets import policy
from subgraphs.tickets.models import StatusCategory

IDS = ["usr_1", "usr_2", "usr_3", "sva_1"]
SCOPES = [
    policy.READ,
    policy.READ_ALL,
    policy.WRITE,
    policy.WORK,
    policy.MANAGE,
    policy.IMPORT,
]


@dataclass(frozen=True)
class Ticket:
    requester_id: str
    opened_by_id: str | None
    watcher_ids: tuple[str, ...] = ()


tickets = st.builds(
    Ticket,
    st.sampled_from(IDS),
    st.one_of(st.none(), st.sampled_from(IDS)),
    st.lists(st.sampled_from(IDS), unique=True, max_size=3).map(tuple),
)
callers = st.one_of(
    st.just(ANONYMOUS),
    st.builds(
        Identity,
        st.sampled_from(IDS),
        st.sampled_from([Kind.USER, Kind.SERVICE]),
        st.frozensets(st.sampled_from(SCOPES)),
    ),
)


def met(predicate: Predicate, ticket: Ticket) -> bool:
    """Evaluate a predicate as SQL does, null comparisons not being met."""
    values = iter(predicate.values)

    def holds(shape: Shape) -> bool:
        word, *parts = shape
        if word in {"and", "or"}:
            held = [holds(part) for part in parts]  # each takes its values
            return all(held) if word == "and" else any(held)
        assert word == "eq"
        wanted = next(values)
        if parts[0] == "watcher":
            return wanted in ticket.watcher_ids
        stored = getattr(ticket, parts[0])
        return stored is not None and stored == wanted

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
    if not caller.may(policy.WORK):
        assert policy.can_edit(caller, watched) is policy.can_edit(caller, unwatched)
        assert not policy.can_work(caller, watched)


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
