"""What a killed server leaves behind."""

import os
from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres import remains
from helpnest.postgres.remains import clear_remains


def test_a_lock_of_nobody_is_removed(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n/elsewhere\n")
    clear_remains(tmp_path)
    assert not lock.exists()


@pytest.mark.parametrize("text", ["", "garbage\n"])
def test_a_lock_that_names_nobody_is_left_to_postgresql(
    tmp_path: Path, text: str
) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text(text)
    clear_remains(tmp_path)
    assert lock.read_text() == text


def test_a_server_that_does_not_end_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remains, "_processes_in", lambda *_: [4711])
    with pytest.raises(CannotStartError, match=r"process 4711.*does not stop"):
        clear_remains(tmp_path, patience=0)
