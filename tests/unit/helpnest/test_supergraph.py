"""supergraph.yaml, in rover's format."""

from pathlib import Path

import pytest

from helpnest import supergraph
from helpnest.errors import CannotStartError
from helpnest.supergraph import (
    Subgraph,
    addresses,
    domains,
    port_in,
    read_subgraphs,
    read_supergraph_sdl,
)

ROVERS = """
federation_version: =2.9.0
subgraphs:
  pets:
    routing_url: http://127.0.0.1:4011/graphql
    schema:
      file: schema/pets.graphql
"""


def test_a_file_of_rovers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.yaml"
    path.write_text(ROVERS)
    found = read_subgraphs(path)
    assert found == (
        Subgraph(
            name="pets",
            routing_url="http://127.0.0.1:4011/graphql",
            schema=tmp_path / "schema/pets.graphql",
        ),
    )


@pytest.mark.parametrize(
    "text", ["", "subgraphs: [pets]", "subgraphs: {pets: {}}", "a: b: c"]
)
def test_another_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "supergraph.yaml"
    path.write_text(text)
    with pytest.raises(CannotStartError, match=r"supergraph\.yaml cannot be read"):
        read_subgraphs(path)


def test_no_file_says_where_to_run() -> None:
    with pytest.raises(CannotStartError, match="Run HelpNest from its checkout"):
        read_subgraphs(Path("/no/such/supergraph.yaml"))


def test_no_two_subgraphs_share_a_port() -> None:
    found = [port_in(url) for url in addresses(read_subgraphs(), {}).values()]
    assert len(set(found)) == len(found) == len(domains())


def test_an_address_of_ones_own_goes_before_the_files() -> None:
    env = {"HELPNEST_USERS_URL": "http://127.0.0.1:5003/graphql"}
    usual = addresses(read_subgraphs(), {})
    assert addresses(read_subgraphs(), env) == {
        **usual,
        "users": "http://127.0.0.1:5003/graphql",
    }


def test_a_supergraph_never_composed_says_what_composes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supergraph, "SUPERGRAPH", tmp_path / "supergraph.graphql")
    with pytest.raises(CannotStartError, match="`make schema` composes it"):
        read_supergraph_sdl()
