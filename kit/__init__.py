"""What the router and every subgraph share; it knows no domain."""
