from typing import Any

import pytest

from kit.errors import UnavailableError
from kit.identity import SCOPED
from subgraphs.auth.service.directory import read_standing


def user(**changed: Any) -> dict[str, Any]:
    return {
        "id": "usr_ada",
        "email": "ada@example.com",
        "active": True,
        "permissions": ["b:b", "a:a", "a:a"],
        "roles": [
            {"scope": "GLOBAL", "role": {"key": "agent"}},
            {"scope": "GLOBAL", "role": {"key": "agent"}},
            {"scope": "DEPARTMENT", "role": {"key": "admin"}},
            {"scope": "GROUP", "role": {"key": "manager"}},
        ],
        **changed,
    }


def test_rights_are_sorted_and_come_once() -> None:
    assert read_standing(user()).scopes == ("a:a", "b:b")


def test_roles_held_in_a_place_are_told_as_that_they_are_there() -> None:
    assert read_standing(user()).roles == (SCOPED, "agent")
    everywhere = [{"scope": "GLOBAL", "role": {"key": "agent"}}]
    assert read_standing(user(roles=everywhere)).roles == ("agent",)


def test_what_somebody_may_do_in_some_place_counts_as_what_they_may_do() -> None:
    scoped = {"scope": "GROUP", "role": {"key": "admin", "permissions": ["c:c"]}}
    standing = read_standing(user(roles=[scoped]))
    assert standing.scopes == ("a:a", "b:b")
    assert standing.anywhere == {"a:a", "b:b", "c:c"}


@pytest.mark.parametrize("missing", ["permissions", "roles"])
def test_rights_that_could_not_be_read_are_not_taken_for_none(missing: str) -> None:
    with pytest.raises(UnavailableError):
        read_standing(user(**{missing: None}))
