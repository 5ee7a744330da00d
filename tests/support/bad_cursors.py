"""Every list of a subgraph, asked to go on from places that are none of its own."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from tests.support.subgraph import Subgraph

OTHERS: Final = ("", "x", "\x00", "é", "-" * 10_000)
"""What was never a cursor."""
ONWARDS: Final = "first: 1, after: $after"
BACKWARDS: Final = "last: 1, before: $after"


def altered(cursor: str) -> Iterator[str]:
    """Change a cursor a little."""
    yield cursor[:-1]
    yield cursor[1:]
    yield cursor + "A"
    middle = len(cursor) // 2
    yield (
        cursor[:middle] + ("B" if cursor[middle] != "B" else "C") + cursor[middle + 1 :]
    )


async def try_cursors(
    graph: Subgraph,
    lists: Mapping[str, str],
    variables: Mapping[str, Any],
    who: Mapping[str, Any],
    *,
    both_ways: Collection[str] = (),
) -> None:
    """Ask each list for what comes after the cursors of all others, and worse.

    ``lists`` are queries of ``$after`` by name; each says ``first: 1, after: $after``
    and selects ``edges { cursor }`` of at least one. A list goes on from its own
    cursor, and from no other; those named in ``both_ways`` likewise go back from it.
    """
    own: dict[str, str] = {}
    for name, query in lists.items():
        data = await graph.data(query, {**variables, "after": None}, **who)
        own[name] = cursors_in(data)[0]
    objections: list[object] = []
    there_and_back = list(lists.items())
    for name, query in lists.items():
        assert ONWARDS in query
        back = query.replace(ONWARDS, BACKWARDS)
        answer = await graph.ask(back, {**variables, "after": own[name]}, **who)
        assert ("errors" not in answer) == (name in both_ways), (name, answer)
        there_and_back += [(name, back)] if name in both_ways else []
    for name, query in there_and_back:
        await graph.data(query, {**variables, "after": own[name]}, **who)
        foreign = [cursor for other, cursor in own.items() if other != name]
        for cursor in (*foreign, *altered(own[name]), *OTHERS):
            answer = await graph.ask(query, {**variables, "after": cursor}, **who)
            codes = {e["extensions"]["code"] for e in answer.get("errors") or ()}
            if codes != {"BAD_USER_INPUT"}:
                objections.append((query, cursor[:60], answer))
    assert objections == [], "\n".join(map(str, objections))


def cursors_in(value: Any) -> list[str]:
    """Gather the cursors of an answer, in its order."""
    if isinstance(value, list):
        return [each for one in value for each in cursors_in(one)]
    if not isinstance(value, dict):
        return []
    found: dict[str, Any] = value
    here = [found["cursor"]] if "cursor" in found else []
    return here + [each for one in found.values() for each in cursors_in(one)]
