"""A subgraph beside stock Strawberry, PostGraphile and a hand-written handler."""
