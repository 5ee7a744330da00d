"""Document → normalised Operation."""

from router.operation.normalize import normalize
from router.operation.render import render

__all__ = ["normalize", "render"]
