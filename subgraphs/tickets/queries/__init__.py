"""Where somebody who reads tickets enters."""

from subgraphs.tickets.queries.root import Query

__all__ = ["Query"]
