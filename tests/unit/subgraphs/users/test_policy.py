from hypothesis import given
from hypothesis import strategies as st

from kit.identity import ANONYMOUS, Identity, Kind
from subgraphs.users import policy

ME, YOU = "usr_me", "usr_you"
SCOPES = [
    policy.READ_USERS,
    policy.MANAGE_USERS,
    policy.MANAGE_DEPARTMENTS,
    policy.ASSIGN_ROLES,
    policy.READ_PERMISSIONS,
]
callers = st.builds(
    Identity,
    subject=st.sampled_from([ME, YOU, ""]),
    kind=st.sampled_from(Kind),
    scopes=st.frozensets(st.sampled_from(SCOPES)),
)


@given(callers, st.sampled_from([ME, YOU]))
def test_the_condition_on_rows_and_the_answer_for_one_person_agree(
    caller: Identity, person: str
) -> None:
    predicate = policy.visible(caller)
    shown = predicate.shape == ("and",) or person in predicate.values
    assert shown == policy.can_see_user(caller, person)


@given(callers)
def test_whoever_is_not_signed_in_may_nothing(caller: Identity) -> None:
    stranger = Identity(caller.subject, Kind.ANONYMOUS, caller.scopes)
    assert not policy.can_read_directory(stranger)
    assert not policy.can_see_user(stranger, stranger.subject)
    assert not policy.can_read_permissions(stranger, ME)
    assert not policy.can_edit_user(stranger, ME, {"locale"})
    assert not policy.can_create_users(stranger)
    assert not policy.can_manage_departments(stranger)
    assert not policy.can_assign_roles(stranger)
    assert not policy.can_grant(stranger, [])
    assert policy.visible(ANONYMOUS).values == ("",)


def test_a_service_account_is_nobodys_self() -> None:
    service = Identity(ME, Kind.SERVICE)
    assert not policy.can_see_user(service, ME)
    assert not policy.can_read_permissions(service, ME)
    assert not policy.can_edit_user(service, ME, {"locale"})


def test_people_change_their_own_language_and_zone_and_no_more() -> None:
    me = Identity(ME)
    assert policy.can_edit_user(me, ME, {"locale", "time_zone"})
    assert not policy.can_edit_user(me, ME, {"locale", "name"})
    assert not policy.can_edit_user(me, YOU, {"locale"})
    assert not policy.can_edit_user(me, ME, {"active"})


@given(callers, st.frozensets(st.sampled_from(SCOPES)))
def test_nobody_gives_what_they_do_not_have(
    caller: Identity, permissions: frozenset[str]
) -> None:
    if policy.can_grant(caller, permissions):
        assert permissions <= caller.scopes
