"""The verbs of comments; there is none yet."""
