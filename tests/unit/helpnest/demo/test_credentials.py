from pathlib import Path

from helpnest.demo.credentials import FILE, Credentials, kept


def test_what_is_kept_is_read_again_by_its_owner_alone(tmp_path: Path) -> None:
    made = Credentials("2026-03-02T09:00:00+00:00", passwords={"a@b": "secret"})
    made.keep(tmp_path)
    assert kept(tmp_path) == made
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_where_nothing_was_kept_there_is_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path) is None


def test_a_later_state_takes_the_earlier_ones_place(tmp_path: Path) -> None:
    made = Credentials("2026-03-02T09:00:00+00:00")
    made.keep(tmp_path)
    made.complete = True
    made.keep(tmp_path)
    found = kept(tmp_path)
    assert found is not None
    assert found.complete
    assert found.began.year == 2026
