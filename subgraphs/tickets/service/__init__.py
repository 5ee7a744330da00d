"""The rules of a ticket's life; each verb runs inside one unit of work."""
