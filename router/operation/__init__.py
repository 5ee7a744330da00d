"""Document → normalised Operation."""

from router.operation.measure import check_size
from router.operation.normalize import normalize
from router.operation.render import render

__all__ = ["check_size", "normalize", "render"]
