"""Manifests: what is read, and where what is wrong with one is found."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from router.errors import ConfigurationError
from router.gateway.persisted.manifest import FORMAT, read_manifest, read_manifests

GOOD: dict[str, Any] = {"id": "a", "body": "{ b }", "name": "B", "type": "query"}


def manifest(*operations: Any, **other: Any) -> bytes:
    head = {"format": FORMAT, "version": 1, "operations": list(operations)}
    return orjson.dumps({**head, **other})


def test_documents_are_known_by_id_and_client() -> None:
    web = {**GOOD, "clientName": "web", "body": "{ w }"}
    assert read_manifest(manifest(GOOD, web), "m") == {
        ("a", None): "{ b }",
        ("a", "web"): "{ w }",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "m: line 1: not JSON"),
        (b'{"a":1,\n"b":}', "m: line 2: not JSON"),
        (b"[]", "m: not a JSON object"),
        (manifest(format="other"), "m: format: is not"),
        (manifest(version=2), "m: version: is not 1"),
        (manifest(operations={}), "m: operations: is not a list"),
        (manifest(GOOD, "x"), "m: operations[1]: is not an object"),
        (manifest({"body": "{ a }"}), "m: operations[0].id: is not a text"),
        (manifest({**GOOD, "body": 1}), "m: operations[0].body: is not a text"),
        (manifest({**GOOD, "clientName": 1}), "operations[0].clientName: is not"),
        (manifest({**GOOD, "body": "{ a"}), "operations[0].body: Syntax Error"),
        (
            manifest({**GOOD, "body": "{a" * 9_000}),
            "operations[0].body: Syntax Error: Doc",
        ),
        (manifest(GOOD, {**GOOD, "body": "{ c }"}), "operations[1]: 'a' has another"),
    ],
)
def test_a_broken_manifest_is_refused_by_its_place(text: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_manifest(text, "m")
    assert said in str(refused.value)
    assert str(refused.value).startswith("persisted_queries.local_manifests: m")


def test_several_files_are_one_list(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_bytes(manifest(GOOD))
    two.write_bytes(manifest(GOOD, {"id": "c", "body": "{ c }"}))
    assert read_manifests([str(one), str(two)]) == {
        ("a", None): "{ b }",
        ("c", None): "{ c }",
    }
    two.write_bytes(manifest({**GOOD, "body": "{ other }"}))
    with pytest.raises(ConfigurationError, match="'a' has another body"):
        read_manifests([str(one), str(two)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"none\.json: cannot be read: No such"
    ):
        read_manifests([str(tmp_path / "none.json")])
