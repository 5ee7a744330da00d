"""All that can be changed: one class for each concern, which this one joins."""

import strawberry

from subgraphs.tickets.mutations.assignment import AssignmentMutations
from subgraphs.tickets.mutations.bulk import BulkMutations
from subgraphs.tickets.mutations.catalog import CatalogMutations
from subgraphs.tickets.mutations.details import DetailsMutations
from subgraphs.tickets.mutations.imports import ImportMutations
from subgraphs.tickets.mutations.lifecycle import LifecycleMutations
from subgraphs.tickets.mutations.queues import QueueMutations
from subgraphs.tickets.mutations.relations import RelationMutations
from subgraphs.tickets.mutations.settings import SettingsMutations
from subgraphs.tickets.mutations.sla import SlaMutations
from subgraphs.tickets.mutations.tickets import TicketMutations
from subgraphs.tickets.mutations.tree import TreeMutations
from subgraphs.tickets.mutations.workflow import WorkflowMutations


@strawberry.type(description="What can be changed.")
class Mutation(
    TicketMutations,
    AssignmentMutations,
    BulkMutations,
    QueueMutations,
    RelationMutations,
    SettingsMutations,
    SlaMutations,
    WorkflowMutations,
    LifecycleMutations,
    CatalogMutations,
    DetailsMutations,
    TreeMutations,
    ImportMutations,
):
    """The root of every write."""
