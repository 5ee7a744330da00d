from datetime import timedelta

import pytest

from subgraphs.auth.service.throttle import account_key, address_key, locked_out


def test_counts_do_not_hold_what_people_typed() -> None:
    assert "ada" not in account_key("ada@example.com")
    assert "192" not in (address_key("192.0.2.1") or "")


def test_an_unknown_address_is_not_counted() -> None:
    assert address_key(None) is None


def test_a_site_of_ipv6_is_one_and_its_neighbours_are_others() -> None:
    one = address_key("2001:db8:0:1::1")
    assert one == address_key("2001:db8:0:1:ffff:ffff:ffff:ffff")
    assert one != address_key("2001:db8:0:2::1")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 minute."), (59, "1 minute."), (60, "1 minute."), (61, "2 minutes.")],
)
def test_the_wait_is_said_in_whole_minutes(seconds: int, said: str) -> None:
    assert locked_out(timedelta(seconds=seconds)).endswith(f"in {said}")
