"""Auth as a service: the graph, and what GraphQL cannot carry."""

from subgraphs.auth.app.create import create_app

__all__ = ["create_app"]
