from kit.migrations import run_environment
from subgraphs.users.models import Row

run_environment(Row.metadata)
