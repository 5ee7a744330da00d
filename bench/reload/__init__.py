"""The router under load while its supergraph changes: `python -m bench.reload`."""
