"""Supergraphs as short as a test can have them: one subgraph unless it says more."""

from router.supergraph.model import Supergraph
from router.supergraph.read import read_supergraph

SPECS = "https://specs.apollo.dev"
HEAD = f"""
schema @link(url: "{SPECS}/link/v1.0") @link(url: "{SPECS}/join/v0.5", for: EXECUTION)
  @link(url: "{SPECS}/cost/v0.1", import: ["@cost", "@listSize"])
  @link(url: "{SPECS}/requiresScopes/v0.1", for: SECURITY)
  @link(url: "{SPECS}/policy/v0.1", for: SECURITY)
  @link(url: "{SPECS}/authenticated/v0.1", as: "signedIn", for: SECURITY)
{{ query: Query mutation: Mutation }}
scalar join__FieldSet
enum join__Graph {{
  A @join__graph(name: "a", url: "http://a")
  B @join__graph(name: "b", url: "http://b")
}}
type Mutation @join__type(graph: A) {{ nothing: Boolean }}
"""


def sdl(body: str) -> str:
    """Write a supergraph; ``@authenticated`` is called ``@signedIn`` in it."""
    return HEAD + body


def supergraph(body: str) -> Supergraph:
    """Read a supergraph whose types are these."""
    return read_supergraph(sdl(body))
