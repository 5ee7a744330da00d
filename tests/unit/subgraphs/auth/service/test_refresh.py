from datetime import UTC, datetime, timedelta

import pytest

from subgraphs.auth.service.refresh import Family

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("generation", "seconds", "copied"),
    [
        (5, 0, False),
        (5, 1_000_000, False),  # the newest is good as long as its session
        (4, 0, False),
        (4, 10, False),  # within the grace
        (4, 10.001, True),
        (3, 0, True),
        (1, 0, True),
    ],
)
def test_a_token_is_a_copy_once_its_successor_was_used(
    generation: int, seconds: float, copied: bool
) -> None:
    family = Family(5, NOW, None, LATER)
    assert family.copied(generation, NOW + timedelta(seconds=seconds)) is copied


def test_a_session_is_open_until_it_ends_or_expires() -> None:
    assert Family(1, NOW, None, LATER).is_open(NOW)
    assert not Family(1, NOW, None, LATER).is_open(LATER)
    assert not Family(1, NOW, NOW, LATER).is_open(NOW)
