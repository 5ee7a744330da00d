"""A client's connection, past ASGI where a request is plain: see docs/decisions."""
