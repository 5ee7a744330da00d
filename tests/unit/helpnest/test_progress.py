"""What is told of the steps that take long."""

import io

import pytest
from rich.console import Console

from helpnest import progress
from helpnest.progress import steps


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=80, highlight=False)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_step_that_took_a_while_is_told(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([0.0, 2.5, 2.5, 2.6])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks))
    with steps(console) as announce:
        ticks = iter([0.0, 0.0, 2.5, 2.5, 2.6])
        announce("Migrating tickets")
        announce("Starting")
    assert written(console) == "✓ Migrating tickets (2.5 s)\n"


def test_an_unfinished_step_is_not_told_as_done(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "WORTH_TELLING", 0.0)

    def fail() -> None:
        with steps(console) as announce:
            announce("Migrating tickets")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert written(console) == ""
