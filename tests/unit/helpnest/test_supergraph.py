"""supergraph.yaml, in rover's format."""

from pathlib import Path

import pytest

from helpnest import supergraph
from helpnest.errors import CannotStartError
from helpnest.supergraph import Subgraph, domains, read_subgraphs, read_supergraph_sdl

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
    assert found[0].port == 4011


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
    ports = [each.port for each in read_subgraphs()]
    assert len(set(ports)) == len(ports) == len(domains())


def test_a_supergraph_never_composed_says_what_composes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supergraph, "SUPERGRAPH", tmp_path / "supergraph.graphql")
    with pytest.raises(CannotStartError, match="`make schema` composes it"):
        read_supergraph_sdl()
