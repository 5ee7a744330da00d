"""Postpone entity fetches that can ride along with a later one to their subgraph."""

from router.planner.fetches import Group


def merge_requests(groups: list[Group]) -> None:
    """Give every group its wave: the earliest, or later where that saves a request.

    The number of waves stays what it is; groups of one subgraph and one wave are
    sent as one request afterwards.
    """
    ordered = _set_earliest(groups)
    followers: dict[Group, list[Group]] = {group: [] for group in groups}
    for group in groups:
        for before in group.after:
            followers[before].append(group)
    for group in reversed(ordered):
        if group.view is None:
            continue
        latest = min((one.wave for one in followers[group]), default=0) - 1
        later = [
            other.wave
            for other in groups
            if other.subgraph == group.subgraph
            and other.view is not None
            and other.wave > group.wave
            and (latest < 0 or other.wave <= latest)
        ]
        alone = not any(
            other is not group
            and other.subgraph == group.subgraph
            and other.wave == group.wave
            and other.view is not None
            for other in groups
        )
        if later and alone:
            group.wave = min(later)


def _set_earliest(groups: list[Group]) -> list[Group]:
    """Set the waves anew from what each group reads; sort by them."""
    for group in groups:
        group.wave = 0

    def wave_of(group: Group) -> int:
        if not group.wave:
            group.wave = 1 + max((wave_of(one) for one in group.after), default=0)
        return group.wave

    return sorted(groups, key=lambda one: (wave_of(one), one.number))
