"""Representations while they are put together of what is taken from an object."""

from router.plan.nodes import Taken


def conflicting(taken: list[Taken]) -> bool:
    """Tell whether one field of a representation would need two values.

    That happens when two fields require the same field with other arguments.

    >>> conflicting([Taken("price", "price"), Taken("price", "_price_0")])
    True
    """
    keys: dict[str, Taken] = {}
    for one in merge_taken(taken):
        known = keys.setdefault(one.name, one)
        same_objects = not known.on or not one.on or set(known.on) & set(one.on)
        if known.key != one.key and same_objects:
            return True
        if conflicting(list(one.fields)):
            return True
    return False


def merge_taken(taken: list[Taken]) -> list[Taken]:
    """Unite the ways a representation's fields are taken: each field once.

    >>> [one.name for one in merge_taken([Taken("id", "id"), Taken("id", "id")])]
    ['id']
    """
    merged: dict[tuple[str, str, tuple[str, ...]], Taken] = {}
    for one in taken:
        mark = (one.name, one.key, one.on)
        known = merged.get(mark)
        if known is None:
            merged[mark] = one
        else:
            fields = tuple(merge_taken([*known.fields, *one.fields]))
            merged[mark] = Taken(
                one.name, one.key, fields, one.on, known.required or one.required
            )
    return list(merged.values())
