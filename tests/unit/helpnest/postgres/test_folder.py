"""Where the data lies, and that only one process uses it."""

import os
from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres import folder as folders
from helpnest.postgres.folder import Folder, claimed, folder_in
from helpnest.postgres.owner import current_user


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, current_user())


def test_a_home_is_held_by_one_and_free_again_afterwards(tmp_path: Path) -> None:
    told = pytest.raises(CannotStartError, match=f"process {os.getpid()}")
    with claimed(tmp_path), told:
        claimed(tmp_path).__enter__()
    with claimed(tmp_path):
        pass


def test_a_home_that_cannot_be_made_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStartError, match=r"cannot be used: .*HELPNEST_HOME"):
        claimed(tmp_path / "file" / "home").__enter__()


def test_a_folder_made_is_empty_and_for_its_owner_alone(folder: Folder) -> None:
    folder.make("run").joinpath("stale").touch()
    made = folder.make("run")
    assert list(made.iterdir()) == []
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_log_grown_long_is_begun_anew(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "LARGEST_LOG", 10)
    folder.log.write_text("much too long")
    os.close(folder.open_log())
    assert folder.log.read_text() == ""


def test_a_short_log_is_written_on(folder: Folder) -> None:
    folder.log.write_text("so far")
    os.close(folder.open_log())
    assert folder.log.read_text() == "so far"


def test_no_data_has_no_version(folder: Folder) -> None:
    assert folder.major() is None
    folder.data.mkdir()
    (folder.data / "PG_VERSION").write_text("18\n")
    assert folder.major() == 18


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")
    with pytest.raises(CannotStartError, match="cannot enter its folder"):
        folder_in(tmp_path, current_user())
