"""Random `@defer`s over random supergraphs: put together, the parts are the answer."""

from pathlib import Path

import pytest

from tests.support.worlds.__main__ import KEPT, read_kept
from tests.support.worlds.deferring import differences

OPERATIONS = 15


@pytest.mark.parametrize(
    "path", sorted(KEPT.glob("*.graphql")), ids=lambda one: one.stem
)
def test_the_parts_are_the_answer(path: Path) -> None:
    case, sdl = read_kept(path), path.read_text(encoding="utf-8")
    case.world.active = set()

    found = [text for text in differences(case, sdl, OPERATIONS) if text is not None]

    assert "\n".join(found) == ""
