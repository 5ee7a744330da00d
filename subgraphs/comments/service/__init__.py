"""The verbs of this domain; each runs inside one unit of work."""
