"""All ways → one way each: the cheapest together, as far as a greedy look sees."""

from router.errors import UnsatisfiableError
from router.planner.options import Option, cost
from router.planner.paths import field_options
from router.planner.sites import Entry
from router.planner.state import ExpandError, Planning, place_of


def choose(planning: Planning, entry: Entry) -> Option:
    """Choose the cheapest way to a leaf, given all that is planned already.

    Raises:
        UnsatisfiableError: there is no way.

    """
    best = min(
        field_options(planning, entry),
        key=lambda one: cost(planning, one),
        default=None,
    )
    if best is None:
        _widen_above(planning, entry)
        raise UnsatisfiableError(
            f"No subgraph can resolve {entry.view.type}.{entry.name} from "
            f'"{_dotted(entry)}".'
        )
    return best


def _widen_above(planning: Planning, entry: Entry) -> None:
    """Ask for a field above type by type, if one was asked of an interface."""
    above = entry.view.site.entry
    while above is not None:
        place = place_of(above)
        if not above.view.concrete and place not in planning.expand:
            raise ExpandError(place)
        above = above.view.site.entry


def _dotted(entry: Entry) -> str:
    steps = [step for step in entry.view.path if isinstance(step, str)]
    return ".".join((*steps, entry.key))
