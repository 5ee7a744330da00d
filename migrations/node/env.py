from kit.migrations import run_environment
from subgraphs.node.models import Row

run_environment(Row.metadata)
