from kit.migrations import run_environment
from subgraphs.comments.models import Row

run_environment(Row.metadata)
