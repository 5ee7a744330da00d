"""A real PostgreSQL, started and supervised by us: the default of one machine.

* ``binaries``  which PostgreSQL to run
* ``owner``     as whom it runs
* ``folder``    where its data lies, and that only one of us uses it
* ``launch``    the child's first steps: drop rights, die with its parent
* ``server``    start, stop, restart; one database per domain
"""

from helpnest.postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
