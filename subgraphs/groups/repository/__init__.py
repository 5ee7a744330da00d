"""Every statement sent to the groups database."""
