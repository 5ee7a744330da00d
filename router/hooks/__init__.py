"""Your own Python, at five places of a request."""

from router.hooks.load import Hooks, load_hooks
from router.hooks.model import (
    Answer,
    Request,
    Response,
    SubgraphRequest,
    SubgraphResponse,
    SupergraphRequest,
)

__all__ = [
    "Answer",
    "Hooks",
    "Request",
    "Response",
    "SubgraphRequest",
    "SubgraphResponse",
    "SupergraphRequest",
    "load_hooks",
]
