"""The router beside its peers: `python -m bench.router`."""
