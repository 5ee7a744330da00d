import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import RejectedError
from subgraphs.auth.service.clients import (
    checked_email,
    clean,
    fold_email,
    read_address,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("", None),
        ("192.0.2.1, 198.51.100.1", None),
        ("192.0.2.1:4000", None),
        ("unknown", None),
        ("<script>", None),
    ],
)
def test_an_address_is_one_ip_address_or_nothing(
    text: str, address: str | None
) -> None:
    assert read_address(text) == address


@given(st.text(max_size=400))
def test_what_is_kept_of_a_clients_words_can_be_shown_and_fits(text: str) -> None:
    kept = clean(text, 100)
    shown = (kept or "x").replace("\xa0", " ")
    assert 0 < len(shown) <= 100
    assert len(shown.splitlines()) == 1
    assert not set(shown) & {"\x00", "\x1b", "\u202e"}


@pytest.mark.parametrize(
    "email", ["ADA@Example.com", " ada@example.com\n", "ada@\uff45xample.com"]
)
def test_one_mailbox_is_one_account(email: str) -> None:
    assert fold_email(email) == "ada@example.com"


@given(st.text(max_size=100))
def test_folding_is_done_once(text: str) -> None:
    folded = fold_email(text)
    assert "\x00" not in folded
    assert fold_email(folded) == folded or folded != folded.strip()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@",
        "ada@",
        "@x",
        "a b@x",
        "a@b@c",
        "a\x00@x",
        "a\n@x",
        "x" * 253 + "@x",
    ],
)
def test_what_is_no_email_is_not_kept(email: str) -> None:
    with pytest.raises(RejectedError):
        checked_email(email)


def test_megabytes_cost_no_more_than_a_line() -> None:
    assert len(fold_email("x" * 4_000_000)) == 255
    assert clean("\x00" * 4_000_000, 100) is None
    with pytest.raises(RejectedError):
        checked_email("x" * 253 + "@x")
