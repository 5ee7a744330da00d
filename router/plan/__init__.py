"""The plan's node types, and their text form."""
