"""Where a caller changes groups, who is in them, and whether they are there."""

import strawberry

from subgraphs.groups.mutations.groups import GroupMutations
from subgraphs.groups.mutations.members import MemberMutations


@strawberry.type(description="What can be changed.")
class Mutation(GroupMutations, MemberMutations):
    """The root of every write."""
