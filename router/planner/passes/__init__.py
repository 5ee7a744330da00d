"""Improvements of a plan in the making, one a file."""
