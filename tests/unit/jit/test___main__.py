from pathlib import Path

import pytest

from jit.__main__ import main

SDL = "type Query { a: Int }"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    schema, operation = tmp_path / "schema.graphql", tmp_path / "operation.graphql"
    schema.write_text(SDL)
    operation.write_text("query A { a } query B { a @skip(if: true) }")
    return str(schema), str(operation)


def test_the_generated_function_is_printed(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files, "--name", "A"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("def Query_1(run, source, path):\n")
    assert "data['a'] = at" in printed


def test_what_is_wrong_with_the_document_is_told(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*files]) == 1
    assert "Must provide operation name" in capsys.readouterr().err
