"""Every statement sent to the comments database."""
