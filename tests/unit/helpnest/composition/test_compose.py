"""What is given to the composer, and what is written."""

from pathlib import Path

from helpnest.composition.compose import drifted, services_of, write
from helpnest.supergraph import Subgraph


def test_the_order_of_the_file_moves_no_byte() -> None:
    users = Subgraph("users", "http://users", Path("users.graphql"))
    auth = Subgraph("auth", "http://auth", Path("auth.graphql"))
    sdls = {"users": "type Query { u: Int }", "auth": "type Query { a: Int }"}
    assert services_of([users, auth], sdls) == [
        {"name": "auth", "url": "http://auth", "typeDefs": "type Query { a: Int }"},
        {"name": "users", "url": "http://users", "typeDefs": "type Query { u: Int }"},
    ]
    assert services_of([users, auth], sdls) == services_of([auth, users], sdls)


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    same, other, missing = (tmp_path / f"schema/{n}" for n in ("a", "b", "c"))
    same.parent.mkdir()
    same.write_text("same")
    other.write_text("before")
    files = {same: "same", other: "after", missing: "new"}
    assert drifted(files) == [other, missing]
    assert write(files) == [other, missing]
    assert [path.read_text() for path in files] == ["same", "after", "new"]
    assert write(files) == []
