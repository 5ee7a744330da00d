from kit.migrations import run_environment
from subgraphs.auth.models import Row

run_environment(Row.metadata)
