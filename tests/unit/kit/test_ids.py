import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import is_id, kind_of, new_id

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid_in(text: str) -> uuid.UUID:
    """Decode the specification's way: 26 digits of base 32, most significant first."""
    number = 0
    for digit in text.split("_")[1]:
        number = number * 32 + ALPHABET.index(digit)
    return uuid.UUID(int=number)


def test_an_id_holds_a_version_7_uuid_of_this_very_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    found = uuid_in(new_id("tkt"))

    assert (found.version, found.variant) == (7, uuid.RFC_4122)
    assert before <= found.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_never_repeat() -> None:
    assert len({new_id("usr") for _ in range(10_000)}) == 10_000


def test_later_ids_sort_behind_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for millisecond in (1, 2, 1_000, 1_700_000_000_000, 2**47):
        moment = millisecond * 1_000_000
        monkeypatch.setattr(time, "time_ns", lambda at=moment: at)
        made.append(new_id("usr"))

    assert sorted(made) == made


@given(prefix=st.from_regex(r"[a-z]{2,8}", fullmatch=True))
def test_a_made_id_is_one_of_its_kind_alone(prefix: str) -> None:
    made = new_id(prefix)

    assert kind_of(made) == prefix
    assert is_id(made, prefix)
    assert not is_id(made, prefix + "x")


@pytest.mark.parametrize("prefix", ["", "u", "USR", "us_r", "usr_", "nineteens", "ü1"])
def test_an_id_is_not_made_with_a_prefix_that_no_id_has(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        new_id(prefix)


GOOD = "usr_01jd8x7m2pfa9s0v3k6t4wz1qe"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "usr",
        "usr_",
        GOOD[4:],
        GOOD[:-1],
        GOOD + "0",
        GOOD + "\n",
        " " + GOOD,
        GOOD.upper(),
        GOOD.replace("_", "-"),
        "usr_81jd8x7m2pfa9s0v3k6t4wz1qe",  # would not fit into 128 bits
        "usr_01jd8x7m2pfa9s0v3k6t4wz1qu",  # u is no digit
        "usr_01jd8x7m2pfa9s0v3k6t4wz1q\N{ARABIC-INDIC DIGIT ONE}",
        "usr_01jd8x7m2pfa9s0v3k6t4wz1q\0",
    ],
)
def test_what_is_no_id_has_no_kind(text: str) -> None:
    assert kind_of(text) is None


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    assert not is_id(text, "usr")
