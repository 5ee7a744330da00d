"""Node, and the composer it runs."""

import json
from pathlib import Path

import pytest

from helpnest.composition.node import (
    CompositionError,
    Node,
    find_node,
    is_installed,
    run_composer,
)
from helpnest.errors import CannotStartError

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
    'import: ["@key"])\n'
)
USERS = LINK + 'type Query { user: User } type User @key(fields: "id") { id: ID! }'
TICKETS = LINK + 'type User @key(fields: "id") { id: ID! tickets: Int! }'


@pytest.fixture(scope="module")
def node() -> Node:
    if not is_installed():
        pytest.skip("node_modules is not there; `make test` installs it")
    return find_node()


def service(name: str, sdl: str) -> dict[str, str]:
    return {"name": name, "url": f"http://{name}/graphql", "typeDefs": sdl}


def test_subgraphs_that_fit_become_one_graph(node: Node) -> None:
    supergraph, api = run_composer(
        node, [service("tickets", TICKETS), service("users", USERS)]
    )
    assert '@join__graph(name: "users", url: "http://users/graphql")' in supergraph
    assert " ".join(api.split()) == (
        "type User { id: ID! tickets: Int! } type Query { user: User }"
    )


def test_composing_twice_gives_the_same_bytes(node: Node) -> None:
    services = [service("tickets", TICKETS), service("users", USERS)]
    assert run_composer(node, services) == run_composer(node, services)


def test_subgraphs_that_do_not_fit_are_told_by_code(node: Node) -> None:
    clash = TICKETS.replace("tickets: Int!", "tickets: Int! id2: ID!").replace(
        "id: ID!", "id: Int!"
    )
    with pytest.raises(CompositionError, match="FIELD_TYPE_MISMATCH"):
        run_composer(node, [service("tickets", clash), service("users", USERS)])


def test_sdl_that_is_none_names_its_subgraph(node: Node) -> None:
    with pytest.raises(CompositionError, match=r"INVALID_GRAPHQL: \[users\] Syntax"):
        run_composer(node, [service("users", "type Query {")])


def test_a_composer_that_breaks_is_quoted(node: Node, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mjs"
    broken.write_text('throw new Error("out of luck")')
    with pytest.raises(CannotStartError, match="out of luck"):
        run_composer(node, [], script=broken)


def test_another_version_counts_as_not_installed(tmp_path: Path) -> None:
    composer = "@theguild/federation-composition"
    pinned = {"devDependencies": {composer: "0.27.0"}}
    (tmp_path / "package.json").write_text(json.dumps(pinned))
    assert not is_installed(tmp_path)
    folder = tmp_path / "node_modules" / composer
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "0.26.0"}')
    assert not is_installed(tmp_path)
    (folder / "package.json").write_text('{"version": "0.27.0"}')
    assert is_installed(tmp_path)
