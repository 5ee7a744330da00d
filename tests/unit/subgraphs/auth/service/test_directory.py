from typing import Any

import pytest

from kit.errors import UnavailableError
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


def test_only_roles_that_are_held_everywhere_count() -> None:
    assert read_standing(user()).roles == ("agent",)


@pytest.mark.parametrize("missing", ["permissions", "roles"])
def test_rights_that_could_not_be_read_are_not_taken_for_none(missing: str) -> None:
    with pytest.raises(UnavailableError):
        read_standing(user(**{missing: None}))
