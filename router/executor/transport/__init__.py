"""Bytes to a subgraph and back; the only part of the router on the network."""
