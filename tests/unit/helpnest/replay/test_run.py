import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from helpnest.errors import CannotStartError
from helpnest.replay import run
from helpnest.replay.client import Credentials, RefusedError, UnreachableError
from helpnest.replay.story import DirtyValueError
from helpnest.replay.summary import Refusal, Summary

QUIET = Console(quiet=True)


def options(file: Path) -> run.Options:
    return run.Options(
        file=file,
        format="servicenow",
        url="http://127.0.0.1:1",
        credentials=Credentials("sva_1", "secret"),
    )


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Let the replay of an existing file come out as a test says."""
    path = tmp_path / "log.csv"
    path.touch()

    def comes(result: Summary | Exception) -> run.Options:
        async def over_http(*_: object) -> Summary:
            await asyncio.sleep(0)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(run, "_over_http", over_http)
        return options(path)

    return comes


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError, match="no file"):
        run.replay_file(QUIET, options(tmp_path / "none.csv"), as_json=False)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnreachableError("nobody there"), "goes on from there"),
        (RefusedError("no token"), "no token"),
        (DirtyValueError("no column x"), "no log of the format servicenow"),
    ],
)
def test_what_is_in_the_way_is_a_sentence(
    outcome: Any, error: Exception, said: str
) -> None:
    with pytest.raises(CannotStartError, match=said):
        run.replay_file(QUIET, outcome(error), as_json=False)


def test_a_dirty_log_is_no_failure_and_a_refusing_graph_is(outcome: Any) -> None:
    dirty = Summary(read=2, applied=1, rejected=[Refusal("INC1", 2, "the state")])
    run.replay_file(QUIET, outcome(dirty), as_json=False)
    refused = Summary(rejected=[Refusal("INC1", 2, "INVALID", ours=True)])
    with pytest.raises(typer.Exit) as ended:
        run.replay_file(QUIET, outcome(refused), as_json=False)
    assert ended.value.exit_code == 1


def test_the_summary_for_programs_is_json_on_standard_output(
    outcome: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    done = Summary(read=10, applied=7, unchanged=2, skipped=1, cases=3, seconds=2.0)
    run.replay_file(QUIET, outcome(done), as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "cases": 3,
        "read": 10,
        "applied": 7,
        "unchanged": 2,
        "skippedDuplicates": 1,
        "rejected": 0,
        "reasons": {},
        "rejectedEvents": [],
        "mutations": 0,
        "seconds": 2.0,
        "eventsPerSecond": 5.0,
    }


def test_of_several_failures_the_first_is_raised_as_it_is() -> None:
    with pytest.raises(UnreachableError, match="first"), run.first_of_group():
        raise ExceptionGroup(
            "tasks", [UnreachableError("first"), UnreachableError("second")]
        )
