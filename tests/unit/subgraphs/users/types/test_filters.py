import pytest
import strawberry

from kit.comparators import (
    BooleanComparator,
    IdComparator,
    SortDirection,
    StringComparator,
)
from kit.errors import InvalidInputError
from subgraphs.users.types.filters import (
    UserFilter,
    UserOrder,
    UserOrderField,
    user_order,
    user_predicate,
)


def test_conditions_of_one_filter_hold_together() -> None:
    wanted = UserFilter(
        name=StringComparator(starts_with="a"), active=BooleanComparator(eq=True)
    )
    predicate = user_predicate(wanted)
    assert predicate.shape == ("and", ("starts_with", "name"), ("eq", "active"))
    assert predicate.values == ("a", True)


def test_two_filters_of_one_form_share_a_statement() -> None:
    one, other = (
        user_predicate(
            UserFilter(or_=[UserFilter(id=IdComparator(eq=strawberry.ID(i)))])
        )
        for i in ("usr_1", "usr_2")
    )
    assert one.shape == other.shape
    assert one.values != other.values


def test_nothing_meets_an_empty_or_and_everything_an_empty_and() -> None:
    assert user_predicate(UserFilter(or_=[])).shape == ("or",)
    assert user_predicate(UserFilter(and_=[])).shape == ("and",)
    assert user_predicate(None).shape == ("and",)


def test_no_role_at_all_is_a_question_of_its_own() -> None:
    wanted = UserFilter(role_key=StringComparator(is_null=True))
    assert user_predicate(wanted).shape[-1] == ("any", "role_key")
    assert user_predicate(wanted).values == (False,)


def test_a_list_is_sorted_by_name_unless_somebody_says_otherwise() -> None:
    assert user_order(None).by == user_order([]).by == (("name", False), ("id", False))


def test_the_id_runs_as_the_last_field_does() -> None:
    wanted = [
        UserOrder(field=UserOrderField.NAME),
        UserOrder(field=UserOrderField.CREATED_AT, direction=SortDirection.DESC),
    ]
    assert user_order(wanted).by == (
        ("name", False),
        ("created_at", True),
        ("id", True),
    )


def test_an_address_needs_no_id_to_be_the_only_one() -> None:
    wanted = [
        UserOrder(field=UserOrderField.EMAIL, direction=SortDirection.DESC),
    ]
    assert user_order(wanted).by == (("email", True),)


def test_a_field_is_sorted_by_once() -> None:
    wanted = [
        UserOrder(field=UserOrderField.NAME),
        UserOrder(field=UserOrderField.NAME, direction=SortDirection.DESC),
    ]
    with pytest.raises(InvalidInputError, match="twice"):
        user_order(wanted)
