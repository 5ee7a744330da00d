"""Which statuses of a workflow tickets can be in and never leave for an end."""

from collections.abc import Collection, Iterable, Mapping

Step = tuple[str, str]
"""From one status to another, by their ids."""


def within_reach(begin: Collection[str], steps: Iterable[Step]) -> set[str]:
    """Follow steps from where they begin, as far as they lead.

    >>> sorted(within_reach(["new"], [("new", "open"), ("open", "done"), ("x", "y")]))
    ['done', 'new', 'open']
    """
    onward: dict[str, list[str]] = {}
    for source, target in steps:
        onward.setdefault(source, []).append(target)
    found, ahead = set(begin), list(begin)
    while ahead:
        for target in onward.get(ahead.pop(), ()):
            if target not in found:
                found.add(target)
                ahead.append(target)
    return found


def dead_ends(
    steps: Collection[Step],
    begin: str,
    occupied: Collection[str],
    ends: Mapping[str, bool],
) -> set[str]:
    """Name the statuses that a ticket can be in and from which none leads to an end.

    A ticket can be in what is within reach of its beginning, and in what it is in
    (``occupied``). ``ends`` says of each status whether it is one.

    >>> steps = [("new", "open"), ("open", "done"), ("new", "limbo")]
    >>> names = ("new", "open", "limbo", "lost", "done")
    >>> ends = {each: each == "done" for each in names}
    >>> dead_ends(steps, "new", [], ends)
    {'limbo'}
    >>> sorted(dead_ends(steps, "new", ["lost"], ends))
    ['limbo', 'lost']
    """
    backward = [(target, source) for source, target in steps]
    leave = within_reach([each for each, is_end in ends.items() if is_end], backward)
    return (within_reach([begin], steps) | set(occupied)) - leave
