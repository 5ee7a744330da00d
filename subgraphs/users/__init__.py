"""The people of the house, where they belong, and what they may do."""
