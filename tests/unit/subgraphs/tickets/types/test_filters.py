import pytest
from strawberry import ID, UNSET

from kit.comparators import IdComparator, SortDirection, StringComparator
from kit.errors import InvalidInputError
from kit.filters import EVERYTHING
from subgraphs.tickets.models import Priority, StatusCategory
from subgraphs.tickets.types.enums import TicketOrderField
from subgraphs.tickets.types.filters import (
    TicketEventFilter,
    TicketFilter,
    TicketOrder,
    event_predicate,
    order_of,
    ticket_predicate,
)


def test_no_filter_is_met_by_everything() -> None:
    assert ticket_predicate(None) == EVERYTHING
    assert event_predicate(None) == EVERYTHING


def test_conditions_become_columns_and_stored_words() -> None:
    wanted = TicketFilter(
        status_category=[StatusCategory.NEW], requester=IdComparator(eq=ID("usr_1"))
    )
    predicate = ticket_predicate(wanted)
    assert predicate.shape == (
        "and",
        ("in", "status_category"),
        ("eq", "requester_id"),
    )
    assert predicate.values == (["NEW"], "usr_1")


def test_what_was_left_out_does_not_count() -> None:
    assert ticket_predicate(TicketFilter()).shape == ("and",)
    assert ticket_predicate(TicketFilter(and_=UNSET)).shape == ("and",)


def test_values_never_become_shape() -> None:
    evil = "'; DROP TABLE tickets; --"
    first = ticket_predicate(TicketFilter(title=StringComparator(contains=evil)))
    second = ticket_predicate(TicketFilter(title=StringComparator(contains="x")))
    assert first.shape == second.shape
    assert evil not in repr(first.shape)


def test_a_null_condition_is_refused_with_its_name() -> None:
    with pytest.raises(InvalidInputError, match="priority"):
        ticket_predicate(TicketFilter(priority=None))


def test_to_have_no_tag_is_a_condition_of_its_own() -> None:
    wanted = TicketFilter(tag=StringComparator(is_null=True))
    assert ticket_predicate(wanted).shape == ("and", ("eq", "untagged"), ("and",))


def test_nine_levels_are_too_deep_and_a_list_of_501_too_long() -> None:
    wanted = TicketFilter(priority=[Priority.LOW])
    for _ in range(9):
        wanted = TicketFilter(not_=wanted)
    with pytest.raises(InvalidInputError, match="deep"):
        ticket_predicate(wanted)
    with pytest.raises(InvalidInputError, match="500"):
        event_predicate(TicketEventFilter(actor=IdComparator(in_=[ID("x")] * 501)))


def test_an_order_ends_with_the_id_in_its_last_direction() -> None:
    wanted = [
        TicketOrder(field=TicketOrderField.PRIORITY),
        TicketOrder(field=TicketOrderField.OPENED_AT, direction=SortDirection.DESC),
    ]
    assert order_of(wanted).by == (
        ("priority_rank", False),
        ("opened_at", True),
        ("id", True),
    )


def test_the_newest_come_first_unless_something_else_is_asked() -> None:
    assert order_of(None) == order_of([])
    assert order_of(None).by == (("opened_at", True), ("id", True))


def test_a_field_is_ordered_by_once() -> None:
    twice = [TicketOrder(field=TicketOrderField.NUMBER)] * 2
    with pytest.raises(InvalidInputError, match="once"):
        order_of(twice)
