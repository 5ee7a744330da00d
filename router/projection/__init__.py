"""Gathered data, the operation, and problems → the bytes that the client reads."""
