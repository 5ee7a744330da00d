"""Secrets are made once, for one user, and never where one was given."""

from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.kept_secrets import kept_secrets

NAME = "HELPNEST_AUTH_KEY_SECRET"
ROUTER = "HELPNEST_ROUTER_SECRET"
SERVICE = "HELPNEST_SERVICE_SECRET"
FILES = ("auth-key-secret", "router-secret", "service-secret")


def test_a_secret_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    first = kept_secrets(tmp_path / "home", {})
    assert kept_secrets(tmp_path / "home", {}) == first
    assert kept_secrets(tmp_path / "other", {}) != first
    assert len({first[NAME], first[ROUTER], first[SERVICE]}) == 3
    for name, file in zip((NAME, ROUTER, SERVICE), FILES, strict=True):
        assert len(first[name]) >= 32
        kept = tmp_path / "home" / file
        assert kept.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    given = {NAME: "given", ROUTER: "given too", SERVICE: "and this"}
    assert kept_secrets(tmp_path, given) == given
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStartError, match="cannot be used"):
        kept_secrets(tmp_path / "file", {})
