"""Tickets, and what belongs to them, as the graph sees them."""
