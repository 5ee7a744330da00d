"""Every statement that is sent to the tickets' database."""
