"""Supergraph → the graph of who can resolve what, from where."""

from router.graph.build import build_graph

__all__ = ["build_graph"]
