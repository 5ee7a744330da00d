from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.identity import ANONYMOUS, Identity, Kind
from subgraphs.auth import policy

NOBODY = ANONYMOUS
ADA = Identity("usr_ada", session_id="ses_1", scopes=frozenset({"tickets:read"}))
EVERYTHING = [
    policy.MANAGE_USERS,
    policy.MANAGE_SESSIONS,
    policy.MANAGE_SERVICE_ACCOUNTS,
    "tickets:read",
    "domain_of_tomorrow:do_it",
]
ROBOT = Identity("sva_1", Kind.SERVICE, scopes=frozenset({"tickets:read"}))


def holding(*scopes: str, who: Identity = ADA) -> Identity:
    return replace(who, scopes=frozenset(scopes))


def test_people_see_their_own_sessions_and_nobody_elses() -> None:
    assert policy.can_see_sessions(ADA, "usr_ada")
    assert not policy.can_see_sessions(ADA, "usr_ben")
    assert policy.can_see_sessions(holding("sessions:manage"), "usr_ben")


def test_a_program_is_nobodys_self() -> None:
    impostor = replace(ROBOT, subject="usr_ada")
    assert not policy.can_see_sessions(impostor, "usr_ada")
    assert not policy.can_change_own_password(impostor)


def test_only_somebody_with_a_session_changes_a_password() -> None:
    assert policy.can_change_own_password(ADA)
    assert not policy.can_change_own_password(replace(ADA, session_id=None))


def test_nobody_acts_for_somebody_who_may_do_more() -> None:
    admin = holding("users:manage", "tickets:read")
    assert policy.can_act_for(admin, ["tickets:read"])
    assert policy.can_act_for(admin, [])
    assert not policy.can_act_for(admin, ["tickets:read", "roles:assign"])


def test_a_service_account_may_be_seen_by_managers_and_by_itself() -> None:
    assert policy.can_see_service_account(ROBOT, "sva_1")
    assert not policy.can_see_service_account(ROBOT, "sva_2")
    assert not policy.can_see_service_account(replace(ADA, subject="sva_1"), "sva_1")
    assert policy.can_see_service_account(holding("service_accounts:manage"), "sva_1")


@pytest.mark.parametrize(
    "may",
    [
        lambda caller: policy.can_see_sessions(caller, ""),
        lambda caller: policy.can_end_sessions(caller, ""),
        policy.can_set_up_accounts,
        lambda caller: policy.can_act_for(caller, []),
        policy.can_change_own_password,
        policy.can_manage_service_accounts,
        lambda caller: policy.can_see_service_account(caller, ""),
    ],
)
def test_who_is_not_signed_in_may_do_nothing(may: Callable[[Identity], bool]) -> None:
    everything = replace(NOBODY, scopes=frozenset(EVERYTHING))
    assert not may(NOBODY)
    assert not may(everything)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "odd",
        "a:b c:d",
        "a:b\n",
        "A:b",
        "a:",
        ":b",
        "a:b:c",
        "@scoped",
        f"a:{'b' * 80}",
    ],
)
def test_what_is_no_permission_is_not_given_even_if_held(word: str) -> None:
    assert policy.not_grantable(holding(word), [word]) == [word]


@given(
    st.frozensets(st.sampled_from([*EVERYTHING, "odd"])),
    st.lists(st.sampled_from([*EVERYTHING, "odd", ""])),
)
def test_what_is_given_is_a_permission_and_the_givers_own(
    held: frozenset[str], wanted: list[str]
) -> None:
    refused = policy.not_grantable(holding(*held), wanted)
    assert len(refused) == len(set(refused))
    assert set(wanted) - set(refused) <= held - {"odd"}
    assert not set(refused) & (held - {"odd"})
