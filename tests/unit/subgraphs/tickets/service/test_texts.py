import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import RejectedError
from kit.ids import new_id
from subgraphs.tickets.service import texts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "REQUIRED"),
        (" \t", "REQUIRED"),
        ("x" * 11, "TOO_LONG"),
        ("a\nb", "INVALID"),
        ("a\x00b", "INVALID"),
        ("half \ud800", "INVALID"),
    ],
)
def test_a_line_that_cannot_be_kept_is_refused(text: str | None, code: str) -> None:
    with pytest.raises(RejectedError) as refused:
        texts.line(text, "title", 10)
    assert refused.value.code.value == code
    assert refused.value.path == ["input", "title"]


@given(st.text(max_size=50))
def test_what_is_kept_can_be_written_as_utf_8_and_has_no_controls(text: str) -> None:
    try:
        kept = texts.prose(text, "description", 50)
    except RejectedError:
        return
    assert kept is None or kept.encode()
    assert kept is None or "\x00" not in kept


def test_prose_keeps_its_lines_and_nothing_becomes_none() -> None:
    assert texts.prose("a\n\tb\r\n", "description", 10) == "a\n\tb\r\n"
    assert texts.prose("  \n", "description", 10) is None


def test_twenty_tags_are_kept_and_twenty_one_are_not() -> None:
    assert len(texts.tags_of([f"t{n}" for n in range(20)])) == 20
    with pytest.raises(RejectedError):
        texts.tags_of([f"t{n}" for n in range(21)])
    with pytest.raises(RejectedError):
        texts.tags_of([""])


def test_an_id_of_another_kind_is_refused() -> None:
    group = new_id("grp")
    assert texts.foreign_id(group, "grp", "groupId", "group") == group
    assert texts.foreign_id(None, "grp", "groupId", "group") is None
    with pytest.raises(RejectedError):
        texts.foreign_id(group, "usr", "assigneeId", "user")
