"""Document → normalised Operation."""
