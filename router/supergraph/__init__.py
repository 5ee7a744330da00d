"""Supergraph SDL → Supergraph, and the schema that clients see."""

from router.supergraph.read import read_supergraph
from router.supergraph.schema import api_schema

__all__ = ["api_schema", "read_supergraph"]
