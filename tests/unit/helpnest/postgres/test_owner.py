"""As whom PostgreSQL runs."""

import os
import tempfile
from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres.owner import (
    Owner,
    can_enter,
    can_run,
    current_user,
    elsewhere,
    owner_for,
)

STRANGER = Owner(54321, 54321, "stranger")


def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_an_ordinary_user_runs_it_himself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    assert owner_for(tmp_path).uid == 65534


def test_root_hands_it_to_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    as_root(monkeypatch)
    assert owner_for(tmp_path / "not/yet").uid != 0


def test_an_account_without_a_name_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 987_654)
    with pytest.raises(CannotStartError, match="The user id 987654 has no name"):
        current_user()


def test_a_folder_closed_to_others_cannot_be_entered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    as_root(monkeypatch)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not can_enter(closed, STRANGER)


def test_a_program_that_others_may_run_can_be_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_root(monkeypatch)
    assert can_run(Path("/bin/sh").resolve(), STRANGER)


def test_a_program_closed_to_others_cannot_be_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_root(monkeypatch)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        program = Path(folder) / "program"
        program.touch(mode=0o700)
        owner = program.stat()
        assert not can_run(program, STRANGER)
        assert can_run(program, Owner(owner.st_uid, owner.st_gid, "owner"))


def test_a_place_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStartError, match="as an ordinary user"):
        elsewhere(tmp_path / "file" / "helpnest")
