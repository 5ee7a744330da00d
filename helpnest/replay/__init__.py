"""Feed a real event log through the public graph, as an integration would."""
