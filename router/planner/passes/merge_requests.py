"""Postpone entity fetches that can ride along with a later one to their subgraph."""

from router.planner.fetches import Group

UNBOUND = 1_000_000
"""A wave after all others: nothing waits for the group."""


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
    waves: dict[str, dict[int, int]] = {}
    for group in groups:
        if group.of_entities:
            counts = waves.setdefault(group.subgraph, {})
            counts[group.wave] = counts.get(group.wave, 0) + 1
    for group in reversed(ordered):
        counts = waves.get(group.subgraph, {})
        if not group.of_entities or counts[group.wave] > 1:
            continue
        latest = min((one.wave for one in followers[group]), default=UNBOUND)
        later = [wave for wave in counts if group.wave < wave < latest]
        if later:
            del counts[group.wave]
            group.wave = min(later)
            counts[group.wave] += 1


def _set_earliest(groups: list[Group]) -> list[Group]:
    """Set the waves anew from what each group reads; sort by them."""
    for group in groups:
        group.wave = 0

    def wave_of(group: Group) -> int:
        if not group.wave:
            group.wave = 1 + max((wave_of(one) for one in group.after), default=0)
        return group.wave

    return sorted(groups, key=lambda one: (wave_of(one), one.number))
