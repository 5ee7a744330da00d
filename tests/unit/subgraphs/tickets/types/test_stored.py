from typing import Any

import pytest
from strawberry import UNSET

from kit.comparators import DateTimeComparator, IdComparator, SortDirection
from subgraphs.tickets.models import Priority
from subgraphs.tickets.types.enums import TicketOrderField
from subgraphs.tickets.types.filters import TicketFilter, TicketOrder
from subgraphs.tickets.types.stored import read_input, write_input

FILTER = TicketFilter(
    and_=[
        TicketFilter(priority=[Priority.HIGH]),
        TicketFilter(not_=TicketFilter(group=IdComparator(is_null=True))),
    ],
    opened_at=DateTimeComparator(gte="-P7D"),
)
WRITTEN = {
    "and": [{"priority": ["HIGH"]}, {"not": {"group": {"isNull": True}}}],
    "openedAt": {"gte": "-P7D"},
}


def test_an_input_is_written_as_a_caller_writes_it_and_read_back_the_same() -> None:
    assert write_input(FILTER) == WRITTEN
    assert read_input(TicketFilter, WRITTEN) == FILTER
    order = TicketOrder(field=TicketOrderField.PRIORITY, direction=SortDirection.DESC)
    assert write_input(order) == {"field": "PRIORITY", "direction": "DESC"}
    assert read_input(TicketOrder, write_input(order)) == order


def test_what_was_left_out_stays_left_out_and_null_stays_null() -> None:
    assert write_input(TicketFilter()) == {}
    assert read_input(TicketFilter, {}).priority is UNSET
    cleared = read_input(TicketFilter, {"priority": None})
    assert cleared.priority is None


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({"colour": 1}, "There is no colour any more."),
        ({"priority": ["SOON"]}, "no value 'SOON'"),
        ({"priority": [7]}, "no value 7"),
        ({"priority": "HIGH"}, "is no list"),
        ({"group": "grp_1"}, "is no object"),
        ({"group": {"eq": 7}}, "not of the type str"),
        ({"group": {"isNull": "yes"}}, "not of the type bool"),
        ({"reopenCount": {"eq": True}}, "not of the type int"),
        ("all", "is no object"),
    ],
)
def test_what_means_nothing_is_refused_with_the_reason(
    stored: Any, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        read_input(TicketFilter, stored)
