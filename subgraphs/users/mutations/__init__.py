"""Where a caller changes people, departments and roles."""

import strawberry

from subgraphs.users.mutations.directory import DirectoryMutations
from subgraphs.users.mutations.records import RecordMutations
from subgraphs.users.mutations.roles import RoleMutations


@strawberry.type(description="What can be changed.")
class Mutation(DirectoryMutations, RecordMutations, RoleMutations):
    """The root of every write."""
