"""Where somebody who changes tickets enters."""

from subgraphs.tickets.mutations.root import Mutation

__all__ = ["Mutation"]
