from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from kit.errors import RejectedError
from kit.writes import Outcome, check_version


class Code(Enum):
    STALE = "STALE"


ROW: Any = SimpleNamespace(id="thg_1", version=3)


@pytest.mark.parametrize("expected", [None, 3])
def test_who_saw_the_last_version_may_write(expected: int | None) -> None:
    check_version(ROW, expected, Code.STALE, "The thing")


def test_who_saw_an_older_version_is_told_which_object_to_read() -> None:
    with pytest.raises(RejectedError) as caught:
        check_version(ROW, 2, Code.STALE, "The thing")
    assert caught.value.code is Code.STALE
    assert caught.value.path == ["input", "expectedVersion"]
    assert caught.value.current == "thg_1"


def test_a_refusal_shows_what_stands_against_it_and_a_write_what_it_wrote() -> None:
    rejected = RejectedError(Code.STALE, "No.", current="thg_1")
    refused: Outcome[str] = Outcome(rejected=rejected)
    assert (refused.shown, refused.errors(str)) == ("thg_1", ["No."])
    written = Outcome(written="thg_2")
    assert (written.shown, written.current, written.errors(str)) == ("thg_2", None, [])
