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

Classes whose objects only show records say so with ``RecordView``; ``many_at_once``
names a serialiser's equal for many values.
"""

from jit.compiled import Compiled, Options, compile_operation
from jit.counters import Counters, counters
from jit.document_cache import DocumentCache
from jit.drop_in import execute, execute_sync
from jit.lean_document import make_lean
from jit.record_views import Made, RecordView
from jit.serializers import many_at_once

__all__ = [
    "Compiled",
    "Counters",
    "DocumentCache",
    "Made",
    "Options",
    "RecordView",
    "compile_operation",
    "counters",
    "execute",
    "execute_sync",
    "make_lean",
    "many_at_once",
]
