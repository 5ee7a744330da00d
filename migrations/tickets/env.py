from kit.migrations import run_environment
from subgraphs.tickets.models import Row

run_environment(Row.metadata)
