"""Where a request comes from, as the router itself knows it.

What a client says of itself in a header is not believed: only a proxy that
router.yaml names may say for whom it speaks.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from router.app.asgi import RawHeaders

RESERVED = b"x-helpnest-"
"""What only the router says to subgraphs; a client's own are dropped."""

CLIENT_ADDRESS = b"x-helpnest-client-address"
"""A rule of router.yaml must pass it on."""

FORWARDED = b"x-forwarded-for"

Networks = Sequence[IPv4Network | IPv6Network]
Client = tuple[str, int] | None


def with_address(
    pairs: RawHeaders, client: Client, trusted: Networks = ()
) -> RawHeaders:
    """Say where a request comes from; what it says of that itself is dropped.

    >>> with_address([(b"x-helpnest-client-address", b"forged")], ("192.0.2.1", 9))
    [(b'x-helpnest-client-address', b'192.0.2.1')]
    """
    kept = without_reserved(pairs)
    if client is not None:
        address = client[0]
        if trusted:
            address = behind_proxies(address, pairs, trusted)
        kept.append((CLIENT_ADDRESS, address.encode("ascii", "ignore")))
    return kept


def without_reserved(pairs: RawHeaders) -> RawHeaders:
    """Drop the headers that are the router's alone to send."""
    return [pair for pair in pairs if not pair[0].startswith(RESERVED)]


def behind_proxies(peer: str, pairs: RawHeaders, trusted: Networks) -> str:
    """Go back from the connection through proxies that are trusted, and no further.

    >>> from ipaddress import ip_network
    >>> said = [(b"x-forwarded-for", b"203.0.113.9, 192.0.2.1, 10.0.0.2")]
    >>> behind_proxies("10.0.0.1", said, [ip_network("10.0.0.0/8")])
    '192.0.2.1'
    >>> behind_proxies("192.0.2.7", said, [ip_network("10.0.0.0/8")])
    '192.0.2.7'
    """
    known = peer
    said = b",".join(value for name, value in pairs if name == FORWARDED)
    hops = [hop.strip() for hop in said.decode("latin-1").split(",")]
    while hops and is_in(known, trusted):
        hop = hops.pop()
        if not is_address(hop):
            break
        known = hop
    return known


def is_address(text: str) -> bool:
    """Say whether this is an IP address and nothing else.

    >>> is_address("192.0.2.1"), is_address("unknown"), is_address("192.0.2.1:80")
    (True, False, False)
    """
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_in(text: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Say whether an address is of one of these networks, IPv4 written as IPv6 too."""
    if not is_address(text):
        return False
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
