"""Where a null may come up, and where it would be anybody's guess what that means."""

from tests.support.worlds.model import Part, World


def keep_whole(world: World, required: Part) -> None:
    """Let nothing below a required field take it along when it fails.

    Asked for beside what is required, a field that may not be null empties the
    whole, in a federation and not in one schema; which is right, nobody says.
    """
    waiting, seen = [required], set[str]()
    while waiting:
        part = waiting.pop()
        if not part.composite or part.base in seen:
            continue
        seen.add(part.base)
        members = world.kinds[part.base].members.values()
        for name in {part.base, *(each for some in members for each in some)}:
            for inner in world.kinds[name].parts.values():
                inner.failing = inner.failing and not inner.wrap.endswith("!")
                waiting.append(inner)
