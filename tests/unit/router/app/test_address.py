"""Where a request comes from is what the connection says, and trusted proxies alone."""

from ipaddress import ip_network

import pytest

from router.app.address import (
    behind_proxies,
    is_in,
    with_address,
    without_reserved,
)

INSIDE = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def test_whatever_a_client_says_of_itself_is_dropped() -> None:
    said = [(b"x-helpnest-client-address", b"1.1.1.1"), (b"x-helpnest-user", b"root")]
    assert without_reserved([*said, (b"accept", b"*/*")]) == [(b"accept", b"*/*")]
    assert with_address(said, None) == []
    assert with_address(said, ("192.0.2.1", 1)) == [
        (b"x-helpnest-client-address", b"192.0.2.1")
    ]


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("192.0.2.9", "203.0.113.1", "192.0.2.9"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, evil, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("unix", "203.0.113.1", "unix"),
    ],
)
def test_only_trusted_proxies_say_for_whom_they_speak(
    peer: str, said: str, found: str
) -> None:
    headers = [(b"x-forwarded-for", said.encode())]
    assert behind_proxies(peer, headers, INSIDE) == found
    trusted = dict(with_address(headers, (peer, 1), INSIDE))
    assert trusted[b"x-helpnest-client-address"] == found.encode()


def test_what_is_no_address_is_in_no_network() -> None:
    assert not is_in("unknown", INSIDE)
