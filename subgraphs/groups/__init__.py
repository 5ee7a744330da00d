"""What teams there are, who is in them, and who is there at all."""
