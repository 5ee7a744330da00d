"""Which PostgreSQL is run, and what is said when there is none."""

from pathlib import Path

import pytest

from helpnest.errors import CannotStartError
from helpnest.postgres import binaries
from helpnest.postgres.binaries import Binaries, find_binaries, major_in


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[Path, int]:
    """Pretend: these folders hold these major versions, and nothing else is there."""
    versions: dict[Path, int] = {}
    monkeypatch.setattr(binaries, "_folders", lambda: iter(versions))
    monkeypatch.setattr(binaries, "_major_of", versions.get)
    return versions


def test_the_first_found_is_run(installed: dict[Path, int]) -> None:
    installed |= {Path("/wheel"): 18, Path("/system"): 17}
    assert find_binaries() == Binaries(Path("/wheel"), 18)


def test_data_chooses_the_version_that_wrote_it(installed: dict[Path, int]) -> None:
    installed |= {Path("/wheel"): 18, Path("/system"): 17}
    assert find_binaries(17) == Binaries(Path("/system"), 17)


def test_a_version_too_old_is_none(installed: dict[Path, int]) -> None:
    installed |= {Path("/system"): 14}
    with pytest.raises(CannotStartError, match="No PostgreSQL 15 or newer was found"):
        find_binaries()


def test_data_of_a_version_that_is_gone_says_which(installed: dict[Path, int]) -> None:
    installed |= {Path("/wheel"): 18}
    with pytest.raises(CannotStartError) as refusal:
        find_binaries(16)
    assert str(refusal.value) == (
        "The data was written by PostgreSQL 16, but only PostgreSQL 18 is installed. "
        "Install version 16, or move the data folder away to start afresh."
    )


@pytest.mark.parametrize(
    ("printed", "major"),
    [
        ("postgres (PostgreSQL) 18.6\n", 18),
        ("postgres (PostgreSQL) 17beta2\n", 17),
        ("sh: not found\n", None),
    ],
)
def test_the_major_version_is_read_from_what_it_prints(
    printed: str, major: int | None
) -> None:
    assert major_in(printed) == major
