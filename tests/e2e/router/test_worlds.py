"""Random operations over random supergraphs: the router, and one schema with it all.

A nightly-size run is `python -m tests.support.worlds check` (docs/audit.md).
"""

from pathlib import Path

import pytest

from tests.support.worlds.__main__ import KEPT, differences, read_kept

OPERATIONS = 25


@pytest.mark.parametrize(
    "path", sorted(KEPT.glob("*.graphql")), ids=lambda one: one.stem
)
def test_the_router_answers_as_one_schema_would(path: Path) -> None:
    case = read_kept(path)

    found = [text for text in differences(case, OPERATIONS) if text is not None]

    assert "\n".join(found) == ""
