import pytest

from kit.errors import RejectedError
from subgraphs.users.errors import UsersErrorCode
from subgraphs.users.service.words import email_address, language, line, zone


@pytest.mark.parametrize(
    "name", ["Ada", "Ada Lovelace", "李 小龙", "علی‌رضا", "O'Neil-Smith", "x" * 200]
)
def test_names_of_the_world_are_names(name: str) -> None:
    assert line(name, 200, "name") == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "REQUIRED"),
        ("", "REQUIRED"),
        ("\u3000 \n", "REQUIRED"),
        ("x" * 11, "TOO_LONG"),
        ("a\rb", "INVALID"),
        ("a\x7fb", "INVALID"),
        ("a\u2029b", "INVALID"),
        ("a\u2066b", "INVALID"),
    ],
)
def test_a_line_that_is_none_is_refused_by_name(text: str | None, code: str) -> None:
    with pytest.raises(RejectedError) as refused:
        line(text, 10, "name")
    assert refused.value.code is UsersErrorCode(code)
    assert refused.value.path == ["input", "name"]


def test_a_refusal_says_which_character_it_was() -> None:
    with pytest.raises(RejectedError, match=r"U\+0000"):
        line("a\x00b", 10, "name")


@pytest.mark.parametrize(
    "email", ["a@b", "ada.lovelace+tickets@mail.example.co.uk", "o'neil@example.com"]
)
def test_an_address_is_kept_in_lower_case(email: str) -> None:
    assert email_address(f" {email.upper()} ") == email


@pytest.mark.parametrize("email", ["a", "@b", "a@", "a@b.", "a@.b", "a@b_c", "a@b@c"])
def test_what_no_mail_reaches_is_no_address(email: str) -> None:
    with pytest.raises(RejectedError) as refused:
        email_address(email)
    assert refused.value.code is UsersErrorCode.INVALID


@pytest.mark.parametrize("tag", ["en", "de-AT", "zh-Hant-TW", "es-419"])
def test_a_language_tag_is_taken_as_written(tag: str) -> None:
    assert language(tag) == tag


@pytest.mark.parametrize("tag", ["e", "english", "en_GB", "en-", "en-GB "[:-1] + "-"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(RejectedError) as refused:
        language(tag)
    assert refused.value.code is UsersErrorCode.INVALID


def test_a_time_zone_is_one_that_exists() -> None:
    assert zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(RejectedError) as refused:
        zone("Europe/Atlantis")
    assert refused.value.code is UsersErrorCode.INVALID
