"""GraphQL operations compiled to Python functions, with graphql-core's results.

Compile once, execute often::

    compiled = jit.compile_operation(schema, graphql.parse(text))
    result = compiled.execute(root_value, context_value, variable_values)
    body = await compiled.execute_bytes(root_value, context_value, variable_values)

Behind a server, ``DocumentCache`` goes from a request's text to such a function::

    cache = jit.DocumentCache(schema, max_size=1000, before_validation=weigh)
    found = cache.get(text, operation_name)      # Compiled, or a list of GraphQLError

A server that keeps documents itself makes them lean with ``jit.make_lean`` once they
are validated. ``jit.execute`` takes what ``graphql.execute`` takes. ``jit.counters``
tells what was left to graphql-core and why. ``python -m jit SCHEMA OPERATION``
prints the generated text.
"""

from jit.compiled import Compiled, Options, compile_operation
from jit.counters import Counters, counters
from jit.document_cache import DocumentCache
from jit.drop_in import execute, execute_sync
from jit.lean_document import make_lean

__all__ = [
    "Compiled",
    "Counters",
    "DocumentCache",
    "Options",
    "compile_operation",
    "counters",
    "execute",
    "execute_sync",
    "make_lean",
]
