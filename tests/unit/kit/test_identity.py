from kit.identity import ANONYMOUS, Identity, Kind

READER = Identity("usr_1", scopes=frozenset({"users:read", "tickets:read"}))


def test_a_caller_may_what_all_scopes_named_allow() -> None:
    assert READER.may("users:read")
    assert READER.may("users:read", "tickets:read")
    assert not READER.may("users:read", "tickets:write")


def test_a_scope_is_not_held_by_its_beginning() -> None:
    assert not READER.may("users")
    assert not READER.may("users:read_all")


def test_nobody_may_nothing() -> None:
    assert not ANONYMOUS.authenticated
    assert not ANONYMOUS.may("users:read")


def test_users_and_services_are_somebody() -> None:
    assert READER.authenticated
    assert Identity("sva_1", kind=Kind.SERVICE).authenticated
