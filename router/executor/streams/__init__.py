"""Events from subgraphs: how they are asked for, shared, and executed."""
