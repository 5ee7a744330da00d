"""What comments are, and who may know of them."""
