from base64 import b64encode

import pytest

from subgraphs.auth.app.token import (
    TokenRequestError,
    read_basic,
    read_credentials,
)


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        ("a:b", ("a", "b")),
        ("a:b:c", ("a", "b:c")),
        ("a%3Ab:c%25d", ("a:b", "c%d")),
        ("a+b:c+d", ("a b", "c d")),
        (":", ("", "")),
    ],
)
def test_id_and_secret_were_form_encoded_before_they_were_joined(
    pair: str, found: tuple[str, str]
) -> None:
    assert read_basic(basic(pair)) == found


@pytest.mark.parametrize("header", ["", "Basic", "Basic ?", "Bearer YTpi", basic("ab")])
def test_another_header_is_no_credential(header: str) -> None:
    with pytest.raises(TokenRequestError) as caught:
        read_basic(header)
    assert (caught.value.code, caught.value.status) == ("invalid_client", 401)


@pytest.mark.parametrize(
    ("fields", "header", "code"),
    [
        ({}, None, "invalid_client"),
        ({"client_id": "a"}, None, "invalid_client"),
        ({"client_secret": "b"}, None, "invalid_client"),
        ({"client_secret": "b"}, basic("a:b"), "invalid_request"),
        ({"client_id": "other"}, basic("a:b"), "invalid_request"),
    ],
)
def test_credentials_come_once_and_whole(
    fields: dict[str, str], header: str | None, code: str
) -> None:
    with pytest.raises(TokenRequestError) as caught:
        read_credentials(fields, header)
    assert caught.value.code == code


def test_the_form_may_repeat_the_headers_id() -> None:
    assert read_credentials({"client_id": "a"}, basic("a:b")) == ("a", "b")
