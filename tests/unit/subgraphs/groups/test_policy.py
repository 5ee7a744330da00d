from collections.abc import Callable

import pytest

from kit.filters import EVERYTHING
from kit.identity import ANONYMOUS, Identity, Kind
from subgraphs.groups import policy

READER = Identity("usr_1", scopes=frozenset({"users:read"}))
ADMIN = Identity("usr_2", scopes=frozenset({"users:read", "groups:manage"}))
AGENT = Identity("usr_3", scopes=frozenset({"tickets:read_all", "users:manage"}))
SERVICE = Identity("sva_1", kind=Kind.SERVICE, scopes=frozenset({"groups:manage"}))
SOMEBODY = "usr_01jd8x7m2pfa9s0v3k6t4wz1qe"
ALL = (READER, ADMIN, AGENT, SERVICE, ANONYMOUS)


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (policy.can_read_groups, (READER, ADMIN)),
        (policy.can_manage_groups, (ADMIN, SERVICE)),
        (
            lambda caller: policy.can_set_availability(caller, caller.subject),
            (READER, ADMIN, AGENT),
        ),
        (
            lambda caller: policy.can_set_availability(caller, SOMEBODY),
            (ADMIN, SERVICE),
        ),
        (lambda caller: policy.can_see_user(caller, "usr_9"), (READER, ADMIN)),
        (lambda caller: policy.can_see_user(caller, "usr_3"), (READER, ADMIN, AGENT)),
    ],
)
def test_who_may(
    rule: Callable[[Identity], bool], allowed: tuple[Identity, ...]
) -> None:
    assert tuple(caller for caller in ALL if rule(caller)) == allowed


def test_a_token_without_a_person_is_nobody_even_with_scopes() -> None:
    forged = Identity("", kind=Kind.ANONYMOUS, scopes=ADMIN.scopes)
    assert not policy.can_manage_groups(forged)
    assert not policy.can_read_groups(forged)


def test_lists_hold_what_single_questions_allow() -> None:
    for caller in ALL:
        everything = policy.visible(caller) == EVERYTHING
        assert everything is policy.can_read_groups(caller)
