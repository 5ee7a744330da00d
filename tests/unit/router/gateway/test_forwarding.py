"""Which of a client's headers go on, and under which name."""

import pytest

from router.errors import ConfigurationError
from router.gateway.forwarding import Forwarding, Pairs
from router.settings import read_settings

CAME = [
    (b"authorization", b"Bearer x"),
    (b"x-tenant", b"a"),
    (b"x-tenant", b"b"),
    (b"cookie", b"s=1"),
    (b"content-length", b"7"),
    (b"x-request-id", b"r"),
]


def sent(rules: str, service: str = "users") -> Pairs:
    settings = read_settings(f"headers: {rules}", {})
    forwarding = Forwarding(settings.headers, ["users", "tickets"])
    return forwarding.of_request(CAME)(service)


def test_by_default_the_token_goes_on_and_nothing_else() -> None:
    assert sent("{}") == ((b"authorization", b"Bearer x"),)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{propagate: {named: X-Tenant}}", ((b"x-tenant", b"a"), (b"x-tenant", b"b"))),
        ("{propagate: {named: cookie, rename: X-Cookie}}", ((b"x-cookie", b"s=1"),)),
        ("{propagate: {named: x-none}}", ()),
        ("{propagate: {named: x-none, default: d}}", ((b"x-none", b"d"),)),
        ("{propagate: {matching: 'x-.*'}}", ((b"x-tenant", b"a"), (b"x-tenant", b"b"))),
        ("{insert: {name: X-By, value: us}}", ((b"x-by", b"us"),)),
    ],
)
def test_each_rule_does_what_it_says(rule: str, expected: Pairs) -> None:
    assert sent(f"{{all: {{request: [{rule}]}}}}") == expected


def test_a_header_about_one_hop_never_goes_on_by_matching() -> None:
    names = {
        name for name, _ in sent("{all: {request: [{propagate: {matching: '.*'}}]}}")
    }
    assert names == {b"authorization", b"x-tenant", b"cookie"}


def test_rules_apply_in_order_those_for_all_first() -> None:
    rules = """{all: {request: [{propagate: {named: cookie}},
                                {insert: {name: a, value: '1'}}]},
      subgraphs: {users: {request: [{remove: {named: cookie}}]}}}"""
    assert sent(rules, "users") == ((b"a", b"1"),)
    assert sent(rules, "tickets") == ((b"cookie", b"s=1"), (b"a", b"1"))


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "TE"])
def test_no_rule_touches_what_the_router_sets_itself(name: str) -> None:
    with pytest.raises(ConfigurationError, match="own to set"):
        sent(f"{{all: {{request: [{{insert: {{name: {name}, value: x}}}}]}}}}")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        # The first that finds something under a name counts.
        (
            """{propagate: {named: x-none, rename: x-a}},
               {propagate: {named: cookie, rename: x-a}},
               {propagate: {named: x-tenant, rename: x-a}}""",
            ((b"x-a", b"s=1"),),
        ),
        (
            """{propagate: {named: x-none, rename: x-a, default: d}},
               {propagate: {named: cookie, rename: x-a}}""",
            ((b"x-a", b"d"),),
        ),
        (
            """{propagate: {named: cookie, rename: x-tenant}},
               {propagate: {matching: tenant}}""",
            ((b"x-tenant", b"s=1"),),
        ),
        (
            "{propagate: {matching: tenant}}, {propagate: {named: x-tenant}}",
            ((b"x-tenant", b"a"), (b"x-tenant", b"b")),
        ),
        # What is inserted takes the place of what is there.
        (
            "{propagate: {named: x-tenant}}, {insert: {name: x-tenant, value: c}}",
            ((b"x-tenant", b"c"),),
        ),
        # What is removed is not propagated again.
        (
            """{propagate: {named: cookie}}, {remove: {named: cookie}},
               {propagate: {named: cookie}}""",
            (),
        ),
        (
            """{propagate: {named: cookie}}, {propagate: {named: x-tenant}},
               {remove: {matching: '^x-'}}""",
            ((b"cookie", b"s=1"),),
        ),
        # An expression may stand anywhere in a name, in whatever case.
        ("{propagate: {matching: 'OOK'}}", ((b"cookie", b"s=1"),)),
        ("{propagate: {matching: '^ook'}}", ()),
    ],
)
def test_rules_have_the_order_of_apollo_router(rules: str, expected: Pairs) -> None:
    assert sent(f"{{all: {{request: [{rules}]}}}}") == expected


def test_what_is_about_a_clients_connection_ends_there() -> None:
    settings = read_settings(
        "headers: {all: {request: [{propagate: {matching: '^x-'}}]}}", {}
    )
    forwarding = Forwarding(settings.headers, ["users"])
    came = [(b"x-a", b"1"), (b"x-hop", b"2"), (b"connection", b"close, X-Hop")]
    assert forwarding.of_request(came)("users") == ((b"x-a", b"1"),)
