"""Supergraph → the graph of who can resolve what, from where."""
