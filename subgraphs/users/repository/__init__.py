"""Every statement sent to the users database."""
