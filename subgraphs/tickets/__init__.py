"""Tickets: what somebody asked for, what was done about it, and by whom."""
