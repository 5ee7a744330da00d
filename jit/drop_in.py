"""`execute` with graphql-core's signature, on compiled operations."""

from graphql import execute

__all__ = ["execute"]
