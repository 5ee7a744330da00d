from pathlib import Path

import pytest
from graphql import parse

from helpnest.errors import CannotStartError
from helpnest.scaffold.name import Domain, domain_of, names_in

CONFIGURATION = """subgraphs:
  users:
    routing_url: http://127.0.0.1:4007/graphql
    schema:
      file: users.graphql
"""
SDL = """
type Query { user: User }
type User implements Node @key(fields: "id") { id: ID! }
type Group @key(fields: "id", resolvable: false) { id: ID! }
enum Colour { RED }
type Payload { user: User }
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "supergraph.yaml").write_text(CONFIGURATION)
    (tmp_path / "users.graphql").write_text(SDL)
    (tmp_path / "subgraphs" / "users").mkdir(parents=True)
    module = tmp_path / "subgraphs" / "users" / "service.py"
    module.write_text('new_id("usr")\nis_id(id, "prs")\nis_id(group_id, "grp")\n')
    return tmp_path


def test_a_stub_is_nobodys_and_everything_else_somebodys() -> None:
    names = list(names_in(parse(SDL).definitions))
    assert names == ["Query.user", "User", "Colour", "Payload"]


def test_what_others_only_name_may_be_made(root: Path) -> None:
    made = domain_of(root, "groups")
    assert made == Domain("groups", "group", "grp", 4008)
    assert made.type == "Group"


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("users", "abc"),
        ("colours", "abc"),
        ("payloads", "abc"),
        ("wombats", "usr"),
        ("wombats", "prs"),
        ("wombats", "ABC"),
        ("class", "abc"),
        ("as", "abc"),
        ("a" * 24 + "s", "abc"),
        ("two_words", "abc"),
    ],
)
def test_what_is_taken_or_no_name_is_refused(
    root: Path, name: str, prefix: str
) -> None:
    with pytest.raises(CannotStartError):
        domain_of(root, name, prefix=prefix)


def test_who_says_what_a_single_one_is_may_use_any_plural(root: Path) -> None:
    assert domain_of(root, "people", one="person", prefix="peo").type == "Person"
    with pytest.raises(CannotStartError):
        domain_of(root, "sheep", one="sheep")
