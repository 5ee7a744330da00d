"""Comments as the graph sees them."""
