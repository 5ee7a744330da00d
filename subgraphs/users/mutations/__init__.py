"""Where a caller changes people, departments and roles."""

import strawberry

from subgraphs.users.mutations.directory import DirectoryMutations
from subgraphs.users.mutations.records import RecordMutations


@strawberry.type(description="What can be changed.")
class Mutation(DirectoryMutations, RecordMutations):
    """The root of every write."""
