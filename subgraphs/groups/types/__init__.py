"""What the graph sees of groups, their members, and who is there."""
