"""What is committed under schema/ is what the subgraphs serve, and it composes."""

from pathlib import Path

import httpx
import pytest
from graphql import build_schema, print_schema

from helpnest.composition.compose import compose, export_sdl
from helpnest.composition.node import is_installed
from helpnest.supergraph import API, SCHEMAS, domains, read_subgraphs
from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema
from tests.support.stack import Graph
from tests.support.tokens import bearer

SAY_SO = "run `make schema`, and read the difference before you commit it"


@pytest.mark.parametrize("domain", domains())
def test_a_committed_sdl_is_the_subgraphs_own(domain: str) -> None:
    assert (SCHEMAS / f"{domain}.graphql").read_text() == export_sdl(domain), SAY_SO


def test_the_committed_supergraph_is_composed_of_them() -> None:
    if not is_installed():
        pytest.skip("node_modules is not there; `make check` installs it")
    drifted = [
        path.name
        for path, text in compose(lambda _: None).items()
        if path.read_text() != text
    ]
    assert drifted == [], SAY_SO


def test_every_subgraph_of_the_configuration_has_its_files() -> None:
    root = Path(__file__).parents[2]
    made = {"api.graphql", "supergraph.graphql"}
    names = {each.stem for each in SCHEMAS.glob("*.graphql") if each.name not in made}
    assert names == set(domains())
    assert {path.parent.name for path in root.glob("subgraphs/*/app*")} >= names
    assert [each.schema for each in read_subgraphs() if not each.schema.exists()] == []


def test_the_router_reads_the_api_schema_that_the_composer_wrote() -> None:
    supergraph = read_supergraph((SCHEMAS / "supergraph.graphql").read_text())
    ours = print_schema(api_schema(supergraph))
    theirs = print_schema(build_schema(API.read_text()))
    assert "".join(sorted(ours)) == "".join(sorted(theirs))


@pytest.mark.parametrize("domain", domains())
async def test_a_subgraph_serves_the_committed_sdl(graph: Graph, domain: str) -> None:
    transport = httpx.ASGITransport(graph.stack.services[domain])
    asked = {"query": "{ _service { sdl } }"}
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.post("/graphql", json=asked, headers=bearer())
    served = answer.json()["data"]["_service"]["sdl"].strip() + "\n"
    assert served == (SCHEMAS / f"{domain}.graphql").read_text()
