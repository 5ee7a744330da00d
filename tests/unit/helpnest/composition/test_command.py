"""`helpnest compose`, from what the composer says to what a person reads."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from helpnest.composition import command
from helpnest.composition.command import compose_all
from helpnest.composition.node import CompositionError
from helpnest.errors import CannotStartError


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A composition of one file, which is not there yet."""
    path = tmp_path / "schema" / "api.graphql"

    def compose(_: Callable[[str], None]) -> dict[Path, str]:
        return {path: "type Query { a: Int }\n"}

    monkeypatch.setattr(command, "compose", compose)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    return path


def run(*, check: bool) -> str:
    said = io.StringIO()
    compose_all(Console(file=said, width=200), check=check)
    return said.getvalue()


def test_what_changed_is_written_and_named_once(schema: Path) -> None:
    assert run(check=False) == "Wrote schema/api.graphql.\n"
    assert schema.read_text() == "type Query { a: Int }\n"
    assert run(check=False) == "schema/ is in step.\n"
    assert run(check=True) == "schema/ is in step.\n"


def test_a_check_writes_nothing_and_names_what_drifted(schema: Path) -> None:
    with pytest.raises(CannotStartError) as refusal:
        run(check=True)
    assert str(refusal.value) == (
        "Out of step with the subgraphs: schema/api.graphql. "
        "`make schema` writes them anew."
    )
    assert not schema.exists()


def test_faults_are_told_one_a_line(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Callable[[str], None]) -> dict[Path, str]:
        raise CompositionError("A: one\nB: two")

    monkeypatch.setattr(command, "compose", fail)
    with pytest.raises(CannotStartError) as refusal:
        run(check=False)
    assert str(refusal.value) == "The subgraphs do not compose.\nA: one\nB: two"
    assert not schema.exists()
