"""Supergraph SDL → Supergraph, and the schema that clients see."""
