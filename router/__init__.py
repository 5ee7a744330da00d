"""An Apollo-compatible federation router in Python."""
