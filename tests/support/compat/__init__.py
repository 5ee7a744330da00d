"""The same supergraph and tokens behind another Apollo-compatible router."""
