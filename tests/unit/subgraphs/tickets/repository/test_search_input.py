import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import InvalidInputError
from subgraphs.tickets.repository.search_input import NOWHERE, read_search


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("printer", "'printer':*"),
        ("a printer", "'a' & 'printer':*"),
        ("Élève ", "'Eleve':*"),
        ("srv-01.example", "('srv' <-> '01' <-> 'example':*)"),
        ('"on fire"', "('on' <-> 'fire')"),
        ('"on fire', "('on' <-> 'fire')"),
        ("mail or vpn client", "'mail':* | 'vpn':* & 'client':*"),
        ("mail -vpn", "'mail':* & !'vpn'"),
        ('mail -"on fire"', "'mail':* & !('on' <-> 'fire')"),
        ("or mail or", "'mail':*"),
        ("it's \\ & | ! ( ) :* <->", "('it' <-> 's')"),
        ("...", ""),
    ],
)
def test_words_become_what_postgresql_is_asked(written: str, words: str) -> None:
    search = read_search(written)
    assert search is not None
    assert search.words == words


@pytest.mark.parametrize(
    ("written", "numbers", "beginning"),
    [
        ("INC0000045", ("INC0000045",), "INC0000045"),
        ("inc45", ("INC0000045",), "INC45"),
        ("INC-45", ("INC0000045",), "INC45"),
        ("INC00000", ("INC0000000",), "INC00000"),
        (
            " 45 ",
            ("INC0000045", "REQ0000045", "PRB0000045", "CHG0000045"),
            NOWHERE,
        ),
        ("#45", ("INC0000045", "REQ0000045", "PRB0000045", "CHG0000045"), NOWHERE),
        ("#inc45", ("INC0000045",), "INC45"),
        ("\uff29NC\uff14\uff15", ("INC0000045",), "INC45"),
        ("inc45 or prb46", ("INC0000045", "PRB0000046"), NOWHERE),
        ("inc45 or printers", ("INC0000045",), NOWHERE),
        ("45 printers", (), NOWHERE),
        ("# 45 #", (), NOWHERE),
        ("ABC45", (), NOWHERE),
    ],
)
def test_what_may_be_a_number_is_looked_for_as_one(
    written: str, numbers: tuple[str, ...], beginning: str
) -> None:
    search = read_search(written)
    assert search is not None
    assert (search.numbers, search.beginning) == (numbers, beginning)


@pytest.mark.parametrize("blank", [None, "", " \t\n"])
def test_blanks_look_for_nothing(blank: str | None) -> None:
    assert read_search(blank) is None


@pytest.mark.parametrize(
    "written", ["x" * 201, "a\x00b", "a b " * 11, "-fire", "mail or -fire"]
)
def test_what_cannot_be_looked_for_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        read_search(written)


@given(st.text(max_size=60))
def test_whatever_is_typed_stays_inside_quotes(written: str) -> None:
    try:
        search = read_search(written)
    except InvalidInputError:
        return
    if search is not None:
        outside = re.sub(r"'[^']+'(:\*)?", "", search.words)
        assert set(outside) <= set(" !&|()<->")
