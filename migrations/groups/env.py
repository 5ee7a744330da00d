from kit.migrations import run_environment
from subgraphs.groups.models import Row

run_environment(Row.metadata)
