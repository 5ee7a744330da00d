"""GraphQL over HTTP: methods, media types, status codes."""

from router.app.application import create_app

__all__ = ["create_app"]
