"""A field that a caller may not see, in the shape of the answer."""

from typing import Final

HIDDEN: Final = "__hidden"
"""The name of such a field: it is answered with null, whatever was gathered.

No client can ask for it: GraphQL keeps names like this to itself.
"""
